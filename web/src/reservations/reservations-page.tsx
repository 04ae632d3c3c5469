import { useEffect } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { loadPlaces } from '../api/places.ts'
import { type Reservation, RESERVATION_STATUSES, RESERVATIONS } from '../api/reservations.ts'
import { LocationChoice, Statuses, statusOf } from '../documents/filters.tsx'
import { Pager } from '../documents/pager.tsx'
import { PAGE_ROWS, useList } from '../documents/use-list.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import { route } from '../router.ts'
import { Failure } from '../view/failure.tsx'
import { Title } from '../view/title.tsx'
import { Typed } from '../view/typed.tsx'
import { filterOf } from './filter.ts'
import { RESERVATION_EVENTS } from './events.ts'
import { ReservationTable } from './reservation-table.tsx'

export function ReservationsPage() {
  const { documents, reservations: text } = words.value
  const status = statusOf(RESERVATION_STATUSES)
  const filter = filterOf(route.value.params, status)
  const list = useList<Reservation>(JSON.stringify(filter), RESERVATION_EVENTS, (after) => ask(RESERVATIONS, { filter, first: PAGE_ROWS, after }))
  useEffect(() => { void loadPlaces() }, [])
  return (
    <>
      <Title text={text.title}>{list.page && <p class="count" role="status">{text.count(number(list.page.totalCount))}</p>}</Title>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault() }}>
        <Statuses known={RESERVATION_STATUSES} names={text.statuses} chosen={status} />
        <LocationChoice />
        <Typed name="sku" text={documents.sku} />
        <Typed name="reference" text={documents.reference} />
      </form>
      {list.error !== undefined && <Failure error={list.error} onRetry={list.again} />}
      {list.page?.totalCount === 0 && <p class="panel none">{documents.none}</p>}
      {list.page && list.page.totalCount > 0 && <ReservationTable reservations={list.page.nodes} onAnswered={list.again} />}
      <Pager list={list} />
    </>
  )
}
