import { ask } from '../api/client.ts'
import { TRANSFER } from '../api/transfers.ts'
import { useFollowed } from '../documents/use-list.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { useAsked } from '../view/asked.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { TRANSFER_EVENTS } from './events.ts'
import { TransferTable } from './transfer-table.tsx'

/** The transfer that a link names, opened. */
export function OneTransfer({ id }: { readonly id: string }) {
  const { documents, transfers: text } = words.value
  const { data, error, again } = useAsked(id, () => ask(TRANSFER, { id }))
  useFollowed(id, data?.system.readCursor, { types: TRANSFER_EVENTS }, again)
  return (
    <>
      <p class="back"><a href={href(['transfers'])}>← {text.all}</a></p>
      <Title text={data?.transfer?.reference ?? text.title} />
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {data?.transfer === null && <p class="panel none">{documents.missing}</p>}
      {data?.transfer && <TransferTable transfers={[data.transfer]} onAnswered={again} areOpen />}
    </>
  )
}
