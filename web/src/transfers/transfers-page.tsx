import { useEffect } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { loadPlaces } from '../api/places.ts'
import { type Transfer, TRANSFER_STATUSES, TRANSFERS } from '../api/transfers.ts'
import { LocationChoice, Statuses, statusOf } from '../documents/filters.tsx'
import { Pager } from '../documents/pager.tsx'
import { PAGE_ROWS, useList } from '../documents/use-list.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { route } from '../router.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { Typed } from '../view/typed.tsx'
import { TRANSFER_EVENTS } from './events.ts'
import { TransferTable } from './transfer-table.tsx'

export function TransfersPage() {
  const { documents, transfers: text } = words.value
  const status = statusOf(TRANSFER_STATUSES)
  const given = (name: string): [string] | null => { const value = route.value.params.get(name)?.trim(); return value ? [value] : null }
  const filter = { statuses: status === 'ANY' ? null : [status], skus: given('sku'), locations: given('location') }
  const list = useList<Transfer>(JSON.stringify(filter), TRANSFER_EVENTS, (after) => ask(TRANSFERS, { ...filter, first: PAGE_ROWS, after }))
  useEffect(() => { void loadPlaces() }, [])
  return (
    <>
      <Title text={text.title}>{list.page && <p class="count" role="status">{text.count(number(list.page.totalCount))}</p>}</Title>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault() }}>
        <Statuses known={TRANSFER_STATUSES} names={text.statuses} chosen={status} />
        <LocationChoice />
        <Typed name="sku" text={documents.sku} />
      </form>
      {list.error !== undefined && <Failure error={list.error} onRetry={list.again} />}
      {list.page?.totalCount === 0 && <p class="panel none">{documents.none}</p>}
      {list.page && list.page.totalCount > 0 && <TransferTable transfers={list.page.nodes} onAnswered={list.again} />}
      <Pager list={list} />
    </>
  )
}
