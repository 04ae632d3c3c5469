import { DomainError, invalidInput } from '../../domain/errors.ts'
import type { ReservationEvent, ReservedLine } from '../../domain/events.ts'
import { expiryAfter, type Reservation, type ReservationCommand } from '../../domain/reservation.ts'
import type { StockLevelCommand } from '../../domain/stock-level.ts'
import { reservations, reservationView } from '../projections/reservations.ts'
import { type AnyStream, locationStream, reservationStream, stockStream } from '../streams.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { ReservationView } from '../views.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { ExtendReservation, FulfillReservation, PromiseCommands, ReleaseReservation } from './promise-types.ts'
import { Refusals } from './refusals.ts'
import { reserveStock } from './reserve.ts'
import type { Answer, Caller, Documented, Expecting, Keyed } from './types.ts'

export type ReservationCommands = Pick<PromiseCommands, 'reserveStock' | 'extendReservation' | 'fulfillReservation' | 'releaseReservation'>

export function reservationCommands(context: CommandContext): ReservationCommands {
  return {
    reserveStock: (command, caller) => reserveStock(context, command, caller),
    extendReservation: (command, caller) => extend(context, command, caller),
    fulfillReservation: (command, caller) => fulfill(context, command, caller),
    releaseReservation: (command, caller) => release(context, command, caller),
  }
}

/** What one command makes of a reservation and of the stock that it holds. */
interface Change {
  readonly name: string
  readonly isInternal?: boolean
  /** What is kept with the events, checked together with the rest of the command. */
  readonly document: Documented & Keyed & Expecting & { readonly lines?: readonly ReservedLine[] | undefined }
  readonly decision: (now: number) => ReservationCommand
  /** What each line that the reservation's event names makes of its stock; nothing where the stock stays. */
  readonly stock?: (line: ReservedLine) => StockLevelCommand
}

function extend(context: CommandContext, command: ExtendReservation, caller: Caller): Promise<Answer<ReservationView>> {
  const { expiresInSeconds } = command
  expiryAfter(expiresInSeconds, context.clock.now())
  return onReservation(context, command, caller, {
    name: 'ExtendReservation',
    document: command,
    decision: (now) => ({ type: 'ExtendReservation', expiresAt: expiryAfter(expiresInSeconds, now), now }),
  })
}

function fulfill(context: CommandContext, command: FulfillReservation, caller: Caller): Promise<Answer<ReservationView>> {
  const { id: reservationId, lines } = command
  return onReservation(context, command, caller, {
    name: 'FulfillReservation',
    document: command,
    decision: (now) => ({ type: 'FulfillReservation', now, ...(lines && { lines }) }),
    stock: ({ quantity }) => ({ type: 'FulfillReservedStock', reservationId, quantity }),
  })
}

function release(context: CommandContext, command: ReleaseReservation, caller: Caller): Promise<Answer<ReservationView>> {
  const { id: reservationId, lines } = command
  return onReservation(context, command, caller, {
    name: 'ReleaseReservation',
    document: command,
    decision: () => ({ type: 'ReleaseReservation', ...(lines && { lines }) }),
    stock: ({ quantity }) => ({ type: 'ReleaseReservedStock', reservationId, quantity, cause: 'RELEASED' }),
  })
}

/** Ends the reservation where its time is over; changes nothing where it was extended or ended meanwhile. */
export const expire = (context: CommandContext, view: ReservationView, caller: Caller): Promise<Answer<ReservationView>> =>
  change(context, view, caller, {
    name: 'ExpireReservation',
    isInternal: true,
    document: { reference: view.reference ?? undefined },
    decision: (now) => ({ type: 'ExpireReservation', now }),
    stock: ({ quantity }) => ({ type: 'ReleaseReservedStock', reservationId: view.id, quantity, cause: 'EXPIRED' }),
  })

async function onReservation(context: CommandContext, { id, occurredAt }: { readonly id: string } & Documented, caller: Caller, wanted: Change): Promise<Answer<ReservationView>> {
  const { value: [view] } = await context.readModel.reservations([id])
  if (!view) throw new DomainError('NOT_FOUND', 'There is no reservation of this id.', { id }, ['id'])
  if (occurredAt !== undefined && occurredAt < view.placedAt) {
    throw invalidInput('occurredAt', `occurredAt must not be before the reservation was placed, at ${new Date(view.placedAt).toISOString()}.`)
  }
  return change(context, view, caller, wanted)
}

/** The reservation and all its stock in one append. Its lines never change, so that the view says which stock that is. */
function change(context: CommandContext, view: ReservationView, caller: Caller, wanted: Change): Promise<Answer<ReservationView>> {
  const stream = reservationStream(view.id)
  return context.execute<ReservationView>({
    ...frame(context, wanted.name, { ...wanted.document }, caller),
    isInternal: wanted.isInternal === true,
    streams: [stream, ...(wanted.stock ? view.lines.flatMap(streamsOf) : [])],
    decide(work) {
      work.dispatch(stream, wanted.decision(work.now), wanted.document)
      settle(work, wanted)
    },
    answer: (work) => reservationView(view, work.state<Reservation>(stream), work.version(stream)),
    replay: (events) => rowAfter(context, reservations, lastOf(events.filter((event) => event.stream === stream.name))),
  })
}

const streamsOf = ({ sku, location }: ReservedLine): readonly AnyStream[] => [locationStream(location), stockStream(sku, location)]

/** Moves the stock of what the reservation's event names. */
function settle(work: UnitOfWork, { stock, document: { lines } }: Change): void {
  if (!stock) return
  const refusals = new Refusals()
  for (const line of work.events.flatMap(settledLines)) {
    const { sku, location } = line
    const index = lines?.findIndex((each) => each.sku === sku && each.location === location)
    const path = index === undefined ? [] : ['lines', String(index)]
    refusals.attempt(path, () => { work.dispatch(stockStream(sku, location), stock(line)) }, { sku, location })
  }
  refusals.throwAny()
}

const settledLines = ({ event }: { readonly event: { readonly type: string } }): readonly ReservedLine[] => {
  const { data } = event as ReservationEvent
  return 'lines' in data ? data.lines : []
}

