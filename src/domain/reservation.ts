import type { Decider } from './decider.ts'
import { DomainError, invalidInput, within } from './errors.ts'
import type { ReservationEvent, ReservedLine } from './events.ts'
import { requireCount } from './lines.ts'
import { StockQuantity } from './quantity.ts'

/** That one command may name; picked from several locations, they may become more. */
export const RESERVATION_LINES_MAX = 1_000
export const RESERVATION_SECONDS_MAX = 2_592_000

/** When a reservation that is placed or extended now is over. INVALID_INPUT where it is no whole number of seconds up to 30 days. */
export function expiryAfter(seconds: number, now: number): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= RESERVATION_SECONDS_MAX) return now + seconds * 1_000
  throw invalidInput('expiresInSeconds', `expiresInSeconds must be a whole number from 1 to ${RESERVATION_SECONDS_MAX}.`, { min: 1, max: RESERVATION_SECONDS_MAX })
}

export interface ReservationLine extends ReservedLine {
  readonly fulfilled: number
  readonly released: number
}

interface Placed {
  readonly lines: readonly ReservationLine[]
  /** Milliseconds since 1970 UTC; null where it stays until it is ended. */
  readonly expiresAt: number | null
}
export type NotPlaced = { readonly kind: 'notPlaced' }
export type OpenReservation = { readonly kind: 'open' } & Placed
export type EndedReservation = { readonly kind: 'fulfilled' | 'released' | 'expired' } & Placed
export type Reservation = NotPlaced | OpenReservation | EndedReservation

export type ReservationCommand =
  | { readonly type: 'PlaceReservation'; readonly lines: readonly ReservedLine[]; readonly expiresAt: number | null }
  | { readonly type: 'ExtendReservation'; readonly expiresAt: number; readonly now: number }
  /** Without lines, all that is open. */
  | { readonly type: 'FulfillReservation'; readonly lines?: readonly ReservedLine[]; readonly now: number }
  | { readonly type: 'ReleaseReservation'; readonly lines?: readonly ReservedLine[] }
  | { readonly type: 'ExpireReservation'; readonly now: number }

export const reservation: Decider<Reservation, ReservationCommand, ReservationEvent> = {
  initialState: { kind: 'notPlaced' },
  decide,
  evolve,
}

/** What of a line is neither handed out nor given back. */
export const openQuantity = (line: ReservationLine): number => line.quantity - line.fulfilled - line.released

function decide(state: Reservation, command: ReservationCommand): readonly ReservationEvent[] {
  switch (command.type) {
    case 'PlaceReservation':
      if (state.kind !== 'notPlaced') throw new DomainError('ALREADY_EXISTS', 'A reservation of this id was placed already.', {}, ['id'])
      return [{ type: 'ReservationPlaced', data: { lines: mergeLines(command.lines), expiresAt: command.expiresAt } }]
    case 'ExtendReservation':
      requireUnexpired(requireOpenReservation(state), command.now)
      return [{ type: 'ReservationExtended', data: { expiresAt: command.expiresAt } }]
    case 'FulfillReservation': {
      const open = requireOpenReservation(state)
      requireUnexpired(open, command.now)
      return [{ type: 'ReservationFulfilled', data: { lines: takeLines(open, command.lines) } }]
    }
    case 'ReleaseReservation': {
      const open = requireOpenReservation(state)
      return [{ type: 'ReservationReleased', data: { lines: takeLines(open, command.lines) } }]
    }
    case 'ExpireReservation':
      if (state.kind !== 'open' || !isOver(state, command.now)) return []
      return [{ type: 'ReservationExpired', data: { lines: openLines(state) } }]
  }
}

function evolve(state: Reservation, event: ReservationEvent): Reservation {
  if (event.type === 'ReservationPlaced') {
    const lines = event.data.lines.map(({ sku, location, quantity }) => ({ sku, location, quantity, fulfilled: 0, released: 0 }))
    return { kind: 'open', lines, expiresAt: event.data.expiresAt }
  }
  if (state.kind === 'notPlaced') return state
  switch (event.type) {
    case 'ReservationExtended': return { ...state, expiresAt: event.data.expiresAt }
    case 'ReservationFulfilled': return settle(state, event.data.lines, 'fulfilled', 'fulfilled')
    case 'ReservationReleased': return settle(state, event.data.lines, 'released', 'released')
    case 'ReservationExpired': return settle(state, event.data.lines, 'released', 'expired')
  }
}

/** The last event that leaves nothing open names how the reservation ended. */
function settle(
  state: OpenReservation | EndedReservation,
  settled: readonly ReservedLine[],
  how: 'fulfilled' | 'released',
  end: EndedReservation['kind'],
): Reservation {
  const quantities = new Map(settled.map((line) => [lineKey(line), line.quantity]))
  const lines = state.lines.map((line) => ({ ...line, [how]: line[how] + (quantities.get(lineKey(line)) ?? 0) }))
  const isOpen = lines.some((line) => openQuantity(line) > 0)
  return { kind: isOpen ? 'open' : end, lines, expiresAt: state.expiresAt }
}

export function requireOpenReservation(state: Reservation): OpenReservation {
  if (state.kind === 'open') return state
  if (state.kind === 'notPlaced') throw new DomainError('NOT_FOUND', 'There is no reservation of this id.', {}, ['id'])
  throw new DomainError('INVALID_STATE', `The reservation is ${state.kind} already.`, { status: state.kind.toUpperCase() }, ['id'])
}

export const isOver = (state: OpenReservation, now: number): boolean => state.expiresAt !== null && state.expiresAt <= now

function requireUnexpired(state: OpenReservation, now: number): void {
  if (!isOver(state, now)) return
  const expiresAt = new Date(state.expiresAt ?? now).toISOString()
  throw new DomainError('INVALID_STATE', `The reservation expired at ${expiresAt}: place a new one.`, { status: 'EXPIRED', expiresAt }, ['id'])
}

const lineKey = (line: { readonly sku: string; readonly location: string }): string => JSON.stringify([line.sku, line.location])

const openLines = (state: OpenReservation): readonly ReservedLine[] =>
  state.lines
    .map((line) => ({ sku: line.sku, location: line.location, quantity: openQuantity(line) }))
    .filter((line) => line.quantity > 0)

/** Lines of the same SKU and location become one, in the order of their first. */
function mergeLines(lines: readonly ReservedLine[]): readonly ReservedLine[] {
  if (lines.length === 0) throw invalidInput('lines', 'lines must name at least one line.')
  const merged = new Map<string, ReservedLine>()
  for (const line of lines) {
    const key = lineKey(line)
    const before = merged.get(key)
    const quantity = StockQuantity.add(StockQuantity.atLeast(1, line.quantity), StockQuantity.of(before?.quantity ?? 0))
    merged.set(key, { sku: line.sku, location: line.location, quantity })
  }
  return [...merged.values()]
}

/** What is wanted of what is open; all of it where nothing is named. */
function takeLines(state: OpenReservation, wanted: readonly ReservedLine[] | undefined): readonly ReservedLine[] {
  if (wanted === undefined) return openLines(state)
  requireCount(wanted, RESERVATION_LINES_MAX)
  const open = new Map(openLines(state).map((line) => [lineKey(line), line.quantity]))
  const taken = wanted.map((line, index) => {
    const quantity = within(['lines', String(index)], () => StockQuantity.atLeast(1, line.quantity))
    const left = open.get(lineKey(line)) ?? 0
    if (quantity > left) {
      throw new DomainError('INVALID_INPUT', `Only ${left} of ${line.sku} at ${line.location} are open in this reservation.`, { requested: quantity, open: left }, ['lines', String(index), 'quantity'])
    }
    open.set(lineKey(line), left - quantity)
    return line
  })
  return mergeLines(taken)
}
