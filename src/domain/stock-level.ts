import type { Decider } from './decider.ts'
import { fold } from './decider.ts'
import { DomainError } from './errors.ts'
import type { ReleaseCause, StockLevelEvent, StockPolicy } from './events.ts'
import { StockQuantity } from './quantity.ts'
import { line } from './text.ts'

/** The stock of one product at one location. */
export interface Quantities {
  readonly onHand: StockQuantity
  readonly reserved: StockQuantity
  readonly unavailable: StockQuantity
  readonly incoming: StockQuantity
}

export type Untracked = { readonly kind: 'untracked' } & Quantities & StockPolicy
export type Tracked = { readonly kind: 'tracked' } & Quantities & StockPolicy
/** Untracked until its first event; it then reads as nothing of everything. */
export type StockLevel = Untracked | Tracked

export type StockLevelCommand =
  | { readonly type: 'AddStock'; readonly quantity: number; readonly reason: string }
  | { readonly type: 'RemoveStock'; readonly quantity: number; readonly reason: string }
  /** `onHandThen`: what was on hand, by today's knowledge, at the moment of a count that is recorded late. */
  | { readonly type: 'CountStock'; readonly counted: number; readonly onHandThen?: number }
  | { readonly type: 'SetStockAside'; readonly quantity: number; readonly reason: string }
  | { readonly type: 'PutStockBack'; readonly quantity: number }
  | { readonly type: 'SetStockPolicy'; readonly policy: Partial<StockPolicy> }
  | { readonly type: 'ReserveStock'; readonly reservationId: string; readonly quantity: number }
  | { readonly type: 'FulfillReservedStock'; readonly reservationId: string; readonly quantity: number }
  | { readonly type: 'ReleaseReservedStock'; readonly reservationId: string; readonly quantity: number; readonly cause: ReleaseCause }
  | { readonly type: 'DispatchStock'; readonly transferId: string; readonly quantity: number }
  | { readonly type: 'ExpectStock'; readonly transferId: string; readonly quantity: number }
  | { readonly type: 'ReceiveExpectedStock'; readonly transferId: string; readonly received: number; readonly missing: number }
  | { readonly type: 'CancelExpectedStock'; readonly transferId: string; readonly quantity: number }
  | { readonly type: 'TakeBackDispatchedStock'; readonly transferId: string; readonly quantity: number }

const untracked: Untracked = {
  kind: 'untracked',
  onHand: StockQuantity.zero,
  reserved: StockQuantity.zero,
  unavailable: StockQuantity.zero,
  incoming: StockQuantity.zero,
  safetyStock: 0,
  reorderPoint: null,
  reorderQuantity: null,
  backorderLimit: 0,
  allowNegative: false,
}

/** onHand - reserved - unavailable. */
export const available = (level: Pick<Quantities, 'onHand' | 'reserved' | 'unavailable'>): number =>
  level.onHand - level.reserved - level.unavailable

/** What a new reservation may take: max(0, available - safetyStock + backorderLimit). */
export const availableToPromise = (level: Quantities & Pick<StockPolicy, 'safetyStock' | 'backorderLimit'>): number =>
  Math.max(0, available(level) - level.safetyStock + level.backorderLimit)

/** Available is at or under the reorder point, where there is one. */
export const isLow = (level: Quantities & Pick<StockPolicy, 'reorderPoint'>): boolean =>
  level.reorderPoint !== null && available(level) <= level.reorderPoint

export const stockLevel: Decider<StockLevel, StockLevelCommand, StockLevelEvent> = { initialState: untracked, decide, evolve }

/** Refuses what would leave the range of a quantity, so that no event is stored that can't be folded. */
function decide(level: StockLevel, command: StockLevelCommand): readonly StockLevelEvent[] {
  const events = choose(level, command)
  fold(stockLevel, level, events)
  return events
}

function choose(level: StockLevel, command: StockLevelCommand): readonly StockLevelEvent[] {
  switch (command.type) {
    case 'AddStock':
      return [{ type: 'StockAdded', data: { quantity: positive(command.quantity), reason: reason(command.reason) } }]
    case 'RemoveStock': {
      const quantity = positive(command.quantity)
      if (!level.allowNegative) requireAvailable(level, quantity)
      return [{ type: 'StockRemoved', data: { quantity, reason: reason(command.reason) } }]
    }
    case 'CountStock':
      return [count(level, StockQuantity.atLeast(0, command.counted, 'counted'), command.onHandThen ?? level.onHand)]
    case 'SetStockAside': {
      const quantity = positive(command.quantity)
      requireAvailable(level, quantity)
      return [{ type: 'StockSetAside', data: { quantity, reason: reason(command.reason) } }]
    }
    case 'PutStockBack': {
      const quantity = positive(command.quantity)
      if (quantity > level.unavailable) throw shortage(level, quantity, `Only ${level.unavailable} set aside.`)
      return [{ type: 'StockPutBack', data: { quantity } }]
    }
    case 'SetStockPolicy':
      return setPolicy(level, command.policy)
    case 'ReserveStock': {
      const quantity = positive(command.quantity)
      const promisable = availableToPromise(level)
      if (quantity > promisable) throw shortage(level, quantity, `Only ${promisable} available to promise.`)
      return [{ type: 'StockReserved', data: { reservationId: command.reservationId, quantity } }]
    }
    case 'FulfillReservedStock': {
      const quantity = positive(command.quantity)
      requireReserved(level, quantity)
      const there = level.onHand - level.unavailable
      if (quantity > there && !level.allowNegative) throw shortage(level, quantity, `Only ${Math.max(0, there)} there to hand out.`)
      return [{ type: 'ReservedStockFulfilled', data: { reservationId: command.reservationId, quantity } }]
    }
    case 'ReleaseReservedStock': {
      const { reservationId, cause } = command
      const quantity = positive(command.quantity)
      requireReserved(level, quantity)
      return [{ type: 'ReservedStockReleased', data: { reservationId, quantity, cause } }]
    }
    case 'DispatchStock': {
      const quantity = positive(command.quantity)
      requireAvailable(level, quantity)
      return [{ type: 'StockDispatched', data: { transferId: command.transferId, quantity } }]
    }
    case 'ExpectStock':
      return [{ type: 'StockExpected', data: { transferId: command.transferId, quantity: positive(command.quantity) } }]
    case 'ReceiveExpectedStock': {
      const { transferId } = command
      const received = StockQuantity.atLeast(0, command.received)
      const missing = StockQuantity.atLeast(0, command.missing, 'missing')
      requireIncoming(level, StockQuantity.add(received, missing))
      return [{ type: 'ExpectedStockReceived', data: { transferId, received, missing } }]
    }
    case 'CancelExpectedStock':
      requireIncoming(level, positive(command.quantity))
      return [{ type: 'ExpectedStockCancelled', data: { transferId: command.transferId, quantity: command.quantity } }]
    case 'TakeBackDispatchedStock':
      return [{ type: 'DispatchedStockReturned', data: { transferId: command.transferId, quantity: positive(command.quantity) } }]
  }
}

function evolve(level: StockLevel, event: StockLevelEvent): StockLevel {
  switch (event.type) {
    case 'StockAdded': return change(level, { onHand: event.data.quantity })
    case 'StockRemoved': return change(level, { onHand: -event.data.quantity })
    case 'StockCounted': return change(level, { onHand: event.data.difference })
    case 'StockSetAside': return change(level, { unavailable: event.data.quantity })
    case 'StockPutBack': return change(level, { unavailable: -event.data.quantity })
    case 'StockPolicySet': return { ...level, kind: 'tracked', ...event.data }
    case 'StockReserved': return change(level, { reserved: event.data.quantity })
    case 'ReservedStockFulfilled': return change(level, { onHand: -event.data.quantity, reserved: -event.data.quantity })
    case 'ReservedStockReleased': return change(level, { reserved: -event.data.quantity })
    case 'StockDispatched': return change(level, { onHand: -event.data.quantity })
    case 'StockExpected': return change(level, { incoming: event.data.quantity })
    case 'ExpectedStockReceived':
      return change(level, { onHand: event.data.received, incoming: -(event.data.received + event.data.missing) })
    case 'ExpectedStockCancelled': return change(level, { incoming: -event.data.quantity })
    case 'DispatchedStockReturned': return change(level, { onHand: event.data.quantity })
  }
}

type Deltas = Partial<Record<keyof Quantities, number>>

/** Every event adds to quantities and none sets them: so that a past moment is a sum, whatever the order of recording. */
function change(level: StockLevel, { onHand = 0, reserved = 0, unavailable = 0, incoming = 0 }: Deltas): Tracked {
  return {
    kind: 'tracked',
    onHand: StockQuantity.add(level.onHand, StockQuantity.of(onHand, 'onHand')),
    reserved: StockQuantity.add(level.reserved, StockQuantity.of(reserved, 'reserved')),
    unavailable: StockQuantity.add(level.unavailable, StockQuantity.of(unavailable, 'unavailable')),
    incoming: StockQuantity.add(level.incoming, StockQuantity.of(incoming, 'incoming')),
    safetyStock: level.safetyStock,
    reorderPoint: level.reorderPoint,
    reorderQuantity: level.reorderQuantity,
    backorderLimit: level.backorderLimit,
    allowNegative: level.allowNegative,
  }
}

function count(level: StockLevel, counted: StockQuantity, onHandThen: number): StockLevelEvent {
  const difference = counted - onHandThen
  const onHand = level.onHand + difference
  if (!level.allowNegative && (onHand < 0 || level.reserved + level.unavailable > onHand + level.backorderLimit)) {
    throw shortage(level, counted, `A count of ${counted} leaves ${onHand} on hand, less than what is reserved or set aside: release that first.`)
  }
  return { type: 'StockCounted', data: { counted, difference } }
}

function setPolicy(level: StockLevel, wanted: Partial<StockPolicy>): readonly StockLevelEvent[] {
  for (const field of ['safetyStock', 'backorderLimit', 'reorderPoint'] as const) {
    if (wanted[field] != null) StockQuantity.atLeast(0, wanted[field], field)
  }
  if (wanted.reorderQuantity != null) StockQuantity.atLeast(1, wanted.reorderQuantity, 'reorderQuantity')
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => value !== level[field as keyof StockPolicy]),
  ) as Partial<StockPolicy>
  if (Object.keys(changed).length === 0) return []
  const { onHand, reserved, unavailable } = level
  const { allowNegative, backorderLimit } = { ...level, ...changed }
  if (!allowNegative && onHand < 0) {
    throw new DomainError('INVALID_STATE', `allowNegative can't be switched off while ${onHand} are on hand: count or add stock first.`, { onHand }, ['allowNegative'])
  }
  if (!allowNegative && reserved + unavailable > onHand + backorderLimit) {
    throw new DomainError('INVALID_STATE', `More is promised than a backorderLimit of ${backorderLimit} allows: release reservations first.`, { onHand, reserved, unavailable, backorderLimit }, ['backorderLimit'])
  }
  return [{ type: 'StockPolicySet', data: changed }]
}

const positive = (value: number): StockQuantity => StockQuantity.atLeast(1, value)

const reason = (value: string): string => line(value, 'reason', 64)

function requireAvailable(level: StockLevel, quantity: StockQuantity): void {
  const there = available(level)
  if (quantity > there) throw shortage(level, quantity, `Only ${Math.max(0, there)} available.`)
}

function requireReserved(level: StockLevel, quantity: StockQuantity): void {
  if (quantity > level.reserved) throw shortage(level, quantity, `Only ${level.reserved} reserved.`)
}

function requireIncoming(level: StockLevel, quantity: StockQuantity): void {
  if (quantity > level.incoming) throw shortage(level, quantity, `Only ${level.incoming} on the way.`)
}

function shortage(level: StockLevel, requested: number, message: string): DomainError {
  const { onHand, reserved, unavailable } = level
  const details = { requested, available: available(level), availableToPromise: availableToPromise(level), onHand, reserved, unavailable }
  return new DomainError('INSUFFICIENT_STOCK', message, details, ['quantity'])
}
