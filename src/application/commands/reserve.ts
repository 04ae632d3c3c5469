import { expiryAfter, type Reservation } from '../../domain/reservation.ts'
import { reservations, reservationView } from '../projections/reservations.ts'
import { reservationStream } from '../streams.ts'
import type { ReservationView } from '../views.ts'
import { allocate, candidatesOf, readBasket, streamsOf } from './basket.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { ReserveStock } from './promise-types.ts'
import type { Answer, Caller } from './types.ts'

/** The promise and its stock in one append. What is picked is picked from the states that the append is checked against. */
export async function reserveStock(context: CommandContext, { within, ...command }: ReserveStock, caller: Caller): Promise<Answer<ReservationView>> {
  const { dryRun, expiresInSeconds, reference = null } = command
  const { document, idempotency } = frame(context, 'ReserveStock', command, caller)
  const expiryAt = (now: number): number | null => (expiresInSeconds === undefined ? null : expiryAfter(expiresInSeconds, now))
  expiryAt(context.clock.now())
  const basket = readBasket(command)
  const candidates = await candidatesOf(context, basket, within)
  const id = context.ids.next()
  const stream = Object.assign(reservationStream(id), { isNew: true })
  return context.execute<ReservationView>({
    caller, document,
    idempotency: dryRun ? undefined : idempotency,
    streams: [...streamsOf(basket, candidates), stream],
    dryRun,
    decide(work) {
      const lines = allocate(work, basket, candidates, id)
      work.dispatch(stream, { type: 'PlaceReservation', lines, expiresAt: expiryAt(work.now) })
    },
    answer: (work) => reservationView({ id, reference, placedAt: work.now }, work.state<Reservation>(stream), work.version(stream)),
    replay: (events) => rowAfter(context, reservations, lastOf(events)),
  })
}
