import { ask } from '../api/client.ts'
import { RESERVATION } from '../api/reservations.ts'
import { useFollowed } from '../documents/use-list.ts'
import { words } from '../i18n/index.ts'
import { href } from '../router.ts'
import { useAsked } from '../view/asked.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { RESERVATION_EVENTS } from './events.ts'
import { ReservationTable } from './reservation-table.tsx'

/** The reservation that a link names, opened. */
export function OneReservation({ id }: { readonly id: string }) {
  const { documents, reservations: text } = words.value
  const { data, error, again } = useAsked(id, () => ask(RESERVATION, { id }))
  useFollowed(id, data?.system.readCursor, { types: RESERVATION_EVENTS }, again)
  return (
    <>
      <p class="back"><a href={href(['reservations'])}>← {text.all}</a></p>
      <Title text={data?.reservation?.reference ?? text.title} />
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {data?.reservation === null && <p class="panel none">{documents.missing}</p>}
      {data?.reservation && <ReservationTable reservations={[data.reservation]} onAnswered={again} areOpen />}
    </>
  )
}
