import { parseStream, streamName } from '../../domain/streams.ts'
import type { EventFilter, EventStore, RecordedEvent } from '../ports.ts'
import { reservations } from '../projections/reservations.ts'
import type { ReadModel } from '../read-model.ts'
import type { ReservationView } from '../views.ts'
import type { Change, Source } from './follower.ts'

/** One change of one reservation. */
export interface ReservationChange extends Change {
  readonly event: RecordedEvent
  /** Right after the event. */
  readonly reservation: ReservationView
}

/** All that is named must hold. */
export interface ReservationChangeFilter {
  /** A UUID. */
  readonly id?: string
  /** That the reservation was placed with; the events that end it may have others. */
  readonly reference?: string
  /** With a line at one of these. */
  readonly locations?: readonly string[]
}

export interface ReservationPorts {
  readonly store: Pick<EventStore, 'readStream'>
  readonly readModel: Pick<ReadModel, 'reservations'>
}

const TYPES = ['ReservationPlaced', 'ReservationExtended', 'ReservationFulfilled', 'ReservationReleased', 'ReservationExpired']

export function reservationSource({ id, reference, locations }: ReservationChangeFilter, ports: ReservationPorts): Source<ReservationChange> {
  const filter: EventFilter = id === undefined ? { types: TYPES } : { streams: [streamName.reservation(id)] }
  const isWanted = (reservation: ReservationView): boolean =>
    (id === undefined || reservation.id === id)
    && (reference === undefined || reservation.reference === reference)
    && (locations === undefined || reservation.lines.some(({ location }) => locations.includes(location)))
  return {
    filter,
    recorded: (events) => recordedChanges(events, isWanted, ports),
    projected: ({ changes }) => changes
      .filter(({ projection, after }) => projection === reservations.name && isWanted(after as ReservationView))
      .map(({ event, after }) => ({ position: event.position, event, reservation: after as ReservationView })),
  }
}

/** Folded from the streams of those that are wanted. What is looked at to tell them never changes. */
async function recordedChanges(
  events: readonly RecordedEvent[],
  isWanted: (reservation: ReservationView) => boolean,
  { store, readModel }: ReservationPorts,
): Promise<readonly ReservationChange[]> {
  const ids = new Set(events.map(({ stream }) => parseStream(stream).parts[0] ?? ''))
  const { value: found } = await readModel.reservations([...ids])
  const wanted = found.filter((reservation) => reservation !== undefined).filter(isWanted)
  const changes = await Promise.all(wanted.map(({ id }) => foldedChanges(store, streamName.reservation(id))))
  const positions = new Set(events.map(({ position }) => position))
  return changes.flat().filter(({ position }) => positions.has(position)).sort((a, b) => a.position - b.position)
}

async function foldedChanges(store: ReservationPorts['store'], stream: string): Promise<readonly ReservationChange[]> {
  let reservation: ReservationView | undefined
  return (await store.readStream(stream, 1)).map((event) => {
    reservation = reservations.evolve(reservation, event)
    return { position: event.position, event, reservation }
  })
}
