import { sourceAll, type Part, type Sourced, type Strategy } from './sourcing.ts'
import { DryRun, type Expecting, requireOpen, requireProduct, requireVersion, unlessDry } from './stock.ts'
import { availableOf, onTheWay, openOf, promisableOf, type Reservation, type Transfer, Refused, refuse, type Truth } from './truth.ts'

/** Reservations and transfers, as they ought to be. Each throws Refused, and then has changed nothing. */
interface Line { readonly sku: string; readonly quantity: number }

export interface Reserve {
  readonly lines: readonly (Line & { readonly location?: string | undefined })[]
  readonly locations?: readonly string[] | undefined
  readonly strategy: Strategy
  readonly expiresInSeconds?: number | undefined
  readonly dryRun: boolean
}

/** What every line has against it, each at its place. */
class Lines {
  private readonly reasons: { readonly index: number; readonly reason: string }[] = []

  attempt(index: number, work: () => void, path = 'lines'): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      for (const reason of error.reasons) this.reasons.push({ index, reason: reason.replace(/ (.*)/, (_, field: string) => ` ${[path, index, field].filter((part) => part !== '').join('.')}`) })
      return false
    }
  }

  throwAny(): void {
    if (this.reasons.length > 0) throw new Refused(this.reasons.sort((a, b) => a.index - b.index).map(({ reason }) => reason))
  }
}

const merged = (parts: readonly Part[]): readonly Part[] => {
  const sums = new Map<string, Part>()
  for (const part of parts) {
    const key = JSON.stringify([part.sku, part.location])
    sums.set(key, { ...part, quantity: part.quantity + (sums.get(key)?.quantity ?? 0) })
  }
  return [...sums.values()]
}

const promisable = (truth: Truth, skus: readonly string[], locations: readonly string[] | undefined): readonly Part[] =>
  truth.knownLevels()
    .filter(({ sku, location }) => skus.includes(sku) && (locations?.includes(location) ?? true))
    .filter(({ sku, location }) => truth.products.get(sku)?.status === 'ACTIVE' && truth.locations.get(location)?.status === 'OPEN')
    .map((level) => ({ sku: level.sku, location: level.location, quantity: promisableOf(level) }))
    .filter(({ quantity }) => quantity > 0)

export const checkAvailability = (truth: Truth, { lines, locations, strategy }: { lines: readonly Line[]; locations?: readonly string[] | undefined; strategy: Strategy }): readonly Sourced[] =>
  sourceAll({ wanted: lines, supply: promisable(truth, lines.map(({ sku }) => sku), locations), strategy, priority: locations ?? [], used: [] })

export function reserve(truth: Truth, command: Reserve, id: string, now: number): Reservation {
  const work = (): Reservation => truth.atOnce(() => {
    const lines = merged(allocate(truth, command, now)).map((part) => ({ ...part, fulfilled: 0, released: 0 }))
    const expiresAt = command.expiresInSeconds === undefined ? null : now + command.expiresInSeconds * 1_000
    const reservation: Reservation = { id, status: 'OPEN', lines, reference: null, placedAt: now, expiresAt, version: 1 }
    if (command.dryRun) throw new DryRun(reservation)
    truth.reservations.push(reservation)
    return reservation
  })
  return unlessDry(work)
}

function allocate(truth: Truth, { lines, locations, strategy }: Reserve, now: number): readonly Part[] {
  const refusals = new Lines()
  for (const [index, code] of (locations ?? []).entries()) refusals.attempt(index, () => { requireOpen(truth, code, '') }, 'locations')
  const taken: { readonly index: number; readonly part: Part }[] = []
  const reservePart = (index: number, part: Part): void => {
    if (part.quantity > promisableOf(truth.level(part.sku, part.location))) refuse('INSUFFICIENT_STOCK quantity')
    truth.post(part.sku, part.location, now, { reserved: part.quantity })
    taken.push({ index, part })
  }
  for (const [index, { sku, location, quantity }] of lines.entries()) {
    if (location === undefined) continue
    refusals.attempt(index, () => {
      requireProduct(truth, sku, true)
      requireOpen(truth, location)
      reservePart(index, { sku, location, quantity })
    })
  }
  const sourced = [...lines.entries()].filter(([index, { sku, location }]) => location === undefined && refusals.attempt(index, () => { requireProduct(truth, sku, true) }))
  const found = sourceAll({
    wanted: sourced.map(([, line]) => line), supply: promisable(truth, sourced.map(([, { sku }]) => sku), locations), strategy,
    priority: locations ?? [], used: lines.flatMap(({ location }) => location ?? []),
  })
  for (const [at, { isShort, parts }] of found.entries()) {
    const index = sourced[at]![0]
    if (isShort) refusals.attempt(index, () => refuse('INSUFFICIENT_STOCK quantity'))
    for (const part of parts) reservePart(index, part)
  }
  refusals.throwAny()
  return taken.sort((a, b) => a.index - b.index).map(({ part }) => part)
}

interface OnReservation extends Expecting { readonly lines?: readonly Part[] | undefined }

function openReservation(reservation: Reservation | undefined, expecting: Expecting, before?: (reservation: Reservation) => void): Reservation {
  if (!reservation) return refuse('NOT_FOUND id')
  before?.(reservation)
  requireVersion(reservation.version, expecting)
  return reservation.status === 'OPEN' ? reservation : refuse('INVALID_STATE id')
}

const isOver = ({ expiresAt }: Reservation, now: number): boolean => expiresAt !== null && expiresAt <= now

/** What is named of what is open; everything where nothing is named. */
function named({ lines }: Reservation, wanted: readonly Part[] | undefined): readonly Part[] {
  const open = lines.map((line) => ({ sku: line.sku, location: line.location, quantity: openOf(line) })).filter(({ quantity }) => quantity > 0)
  if (!wanted) return open
  for (const [index, { sku, location, quantity }] of wanted.entries()) {
    const line = open.find((each) => each.sku === sku && each.location === location)
    if (quantity > (line?.quantity ?? 0)) refuse(`INVALID_INPUT lines.${index}.quantity`)
    line!.quantity -= quantity
  }
  return merged(wanted)
}

function settle(reservation: Reservation, parts: readonly Part[], how: 'fulfilled' | 'released', end: Reservation['status']): Reservation {
  for (const { sku, location, quantity } of parts) reservation.lines.find((line) => line.sku === sku && line.location === location)![how] += quantity
  if (reservation.lines.every((line) => openOf(line) === 0)) reservation.status = end
  reservation.version += 1
  return reservation
}

export function extend(found: Reservation | undefined, command: Expecting & { expiresInSeconds: number }, now: number): Reservation {
  const reservation = openReservation(found, command)
  if (isOver(reservation, now)) refuse('INVALID_STATE id')
  reservation.expiresAt = now + command.expiresInSeconds * 1_000
  reservation.version += 1
  return reservation
}

export function fulfill(truth: Truth, found: Reservation | undefined, command: OnReservation & { occurredAt?: number | undefined }, now: number): Reservation {
  const { lines, occurredAt } = command
  const reservation = openReservation(found, command, ({ placedAt }) => { if (occurredAt !== undefined && occurredAt < placedAt) refuse('INVALID_INPUT occurredAt') })
  if (isOver(reservation, now)) refuse('INVALID_STATE id')
  const parts = named(reservation, lines)
  truth.atOnce(() => {
    const refusals = new Lines()
    const short: string[] = []
    for (const { sku, location, quantity } of parts) {
      const { onHand, unavailable, allowNegative } = truth.level(sku, location)
      const index = lines?.findIndex((line) => line.sku === sku && line.location === location)
      if (quantity <= onHand - unavailable || allowNegative) truth.post(sku, location, now, { onHand: -quantity, reserved: -quantity }, { occurredAt })
      else if (index === undefined) short.push('INSUFFICIENT_STOCK quantity')
      else refusals.attempt(index, () => refuse('INSUFFICIENT_STOCK quantity'))
      truth.account(sku, -quantity)
    }
    if (short.length > 0) throw new Refused(short)
    refusals.throwAny()
  })
  return settle(reservation, parts, 'fulfilled', 'FULFILLED')
}

export function release(truth: Truth, found: Reservation | undefined, command: OnReservation, now: number): Reservation {
  const reservation = openReservation(found, command)
  const parts = named(reservation, command.lines)
  for (const { sku, location, quantity } of parts) truth.post(sku, location, now, { reserved: -quantity })
  return settle(reservation, parts, 'released', 'RELEASED')
}

/** Ends what is over; says how many. */
export function expire(truth: Truth, now: number): number {
  const over = truth.reservations.filter((reservation) => reservation.status === 'OPEN' && isOver(reservation, now))
  for (const reservation of over) {
    const parts = named(reservation, undefined)
    for (const { sku, location, quantity } of parts) truth.post(sku, location, now, { reserved: -quantity })
    settle(reservation, parts, 'released', 'EXPIRED')
  }
  return over.length
}

export function dispatch(truth: Truth, { from, to, lines }: { from: string; to: string; lines: readonly Line[] }, id: string, now: number): Transfer {
  requireOpen(truth, from, 'from')
  requireOpen(truth, to, 'to')
  if (from === to) refuse('INVALID_INPUT to')
  truth.atOnce(() => {
    const refusals = new Lines()
    for (const [index, { sku, quantity }] of lines.entries()) {
      refusals.attempt(index, () => {
        requireProduct(truth, sku, false)
        if (quantity > availableOf(truth.level(sku, from))) refuse('INSUFFICIENT_STOCK quantity')
        truth.post(sku, from, now, { onHand: -quantity })
        truth.post(sku, to, now, { incoming: quantity })
      })
    }
    refusals.throwAny()
  })
  const sent = merged(lines.map((line) => ({ ...line, location: to }))).map(({ sku, quantity }) => ({ sku, quantity, received: 0, missing: 0 }))
  const transfer: Transfer = { id, status: 'IN_TRANSIT', from, to, lines: sent, reference: null, dispatchedAt: now, completedAt: null, version: 1 }
  truth.transfers.push(transfer)
  return transfer
}

function inTransit(found: Transfer | undefined, expecting: Expecting): Transfer {
  if (!found) return refuse('NOT_FOUND id')
  requireVersion(found.version, expecting)
  return found.status === 'IN_TRANSIT' ? found : refuse('INVALID_STATE id')
}

function end(transfer: Transfer, status: Transfer['status'] | undefined, now: number): Transfer {
  transfer.version += 1
  if (status === undefined) return transfer
  transfer.status = status
  transfer.completedAt = now
  return transfer
}

export function receive(truth: Truth, found: Transfer | undefined, command: Expecting & { lines?: readonly Line[] | undefined }, now: number): Transfer {
  const transfer = inTransit(found, command)
  const open = transfer.lines.filter((line) => onTheWay(line) > 0)
  const arrived = command.lines ?? open.map((line) => ({ sku: line.sku, quantity: onTheWay(line) }))
  const closed = new Set<string>()
  for (const [index, { sku, quantity }] of arrived.entries()) {
    const line = open.find((each) => each.sku === sku)
    if (!line || closed.has(sku) || quantity > onTheWay(line)) refuse(`INVALID_INPUT lines.${index}.quantity`)
    closed.add(sku)
  }
  for (const { sku, quantity } of arrived) {
    const line = open.find((each) => each.sku === sku)!
    truth.post(sku, transfer.to, now, { onHand: quantity, incoming: -onTheWay(line) })
    line.missing += onTheWay(line) - quantity
    line.received += quantity
  }
  return end(transfer, transfer.lines.every((line) => onTheWay(line) === 0) ? 'RECEIVED' : undefined, now)
}

export function cancel(truth: Truth, found: Transfer | undefined, command: Expecting, now: number): Transfer {
  const transfer = inTransit(found, command)
  for (const line of transfer.lines.filter((each) => onTheWay(each) > 0)) {
    truth.post(line.sku, transfer.to, now, { incoming: -onTheWay(line) })
    truth.post(line.sku, transfer.from, now, { onHand: onTheWay(line) })
  }
  return end(transfer, 'CANCELLED', now)
}
