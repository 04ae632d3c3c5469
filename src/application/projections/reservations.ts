import type { ReservationEvent } from '../../domain/events.ts'
import { reservation, type Reservation } from '../../domain/reservation.ts'
import { parseStream } from '../../domain/streams.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { ReservationView } from '../views.ts'

export const reservations: StateProjection<ReservationView, Reservation> = {
  name: 'reservations',
  keyOf: ({ stream }) => (stream.startsWith('reservation:') ? stream : undefined),
  evolve(row, event) {
    const state = reservation.evolve(row ? stateOf(row) : reservation.initialState, event as RecordedEvent<ReservationEvent>)
    return reservationView(row ?? placedWith(event), state, event.version)
  },
  stateOf,
}

const STATUSES = { open: 'OPEN', fulfilled: 'FULFILLED', released: 'RELEASED', expired: 'EXPIRED' } as const
const KINDS = { OPEN: 'open', FULFILLED: 'fulfilled', RELEASED: 'released', EXPIRED: 'expired' } as const

export function reservationView(
  { id, reference, placedAt }: Pick<ReservationView, 'id' | 'reference' | 'placedAt'>,
  state: Reservation,
  version: number,
): ReservationView {
  if (state.kind === 'notPlaced') throw new Error(`Reservation ${id} was never placed.`)
  const { kind, lines, expiresAt } = state
  return { id, status: STATUSES[kind], lines, reference, placedAt, expiresAt, version }
}

/** What the first event alone says. */
const placedWith = ({ stream, occurredAt, metadata }: RecordedEvent) =>
  ({ id: parseStream(stream).parts[0] ?? '', reference: metadata.reference ?? null, placedAt: occurredAt })

function stateOf({ status, lines, expiresAt }: ReservationView): Reservation {
  return { kind: KINDS[status], lines, expiresAt }
}
