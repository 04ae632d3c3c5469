/** What queries and payloads show: plain data, read off the projections. Times are milliseconds since 1970 UTC. */
import type { JsonObject, LocationKind, Signing, StockPolicy, Unit } from '../domain/events.ts'
import type { ReservationLine } from '../domain/reservation.ts'
import type { TransferLine } from '../domain/transfer.ts'
import type { PreviousSigning } from '../domain/webhook.ts'

export interface ProductView {
  readonly sku: string
  readonly name: string
  readonly barcode: string | null
  readonly unit: Unit
  readonly attributes: JsonObject
  readonly status: 'ACTIVE' | 'DISCONTINUED'
  readonly version: number
  readonly registeredAt: number
  readonly updatedAt: number
}

export interface LocationView {
  readonly code: string
  readonly name: string
  readonly kind: LocationKind
  readonly timeZone: string
  readonly status: 'OPEN' | 'CLOSED'
  readonly version: number
  readonly openedAt: number
  readonly updatedAt: number
}

export interface StockLevelView extends StockPolicy {
  readonly sku: string
  readonly location: string
  readonly onHand: number
  readonly reserved: number
  readonly unavailable: number
  readonly incoming: number
  readonly version: number
  readonly updatedAt: number
}

/** Sums over locations; availableToPromise is clamped location by location before it is added up. */
export interface TotalsView {
  readonly onHand: number
  readonly reserved: number
  readonly unavailable: number
  readonly available: number
  readonly incoming: number
  readonly safetyStock: number
  readonly availableToPromise: number
}

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Keyset cursors, one an item. */
  readonly cursors: readonly string[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly totalCount: number
  /** The position of the log that the page shows. */
  readonly position: number
  readonly stale: boolean
  /** Of a stale one: see At. */
  readonly ageMs?: number
}

/** An answer and where in the log it stands. Stale: it was asked for in vain, and is an earlier answer. */
export interface At<Value> {
  readonly value: Value
  readonly position: number
  readonly stale: boolean
  /** Of a stale one: how long ago it was known to be right, in milliseconds. */
  readonly ageMs?: number
}

export interface ReservationView {
  /** A UUID; its stream is named after it. */
  readonly id: string
  readonly status: 'OPEN' | 'FULFILLED' | 'RELEASED' | 'EXPIRED'
  readonly lines: readonly ReservationLine[]
  readonly reference: string | null
  readonly placedAt: number
  readonly expiresAt: number | null
  readonly version: number
}

export interface TransferView {
  /** A UUID; its stream is named after it. */
  readonly id: string
  readonly status: 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED'
  readonly from: string
  readonly to: string
  readonly lines: readonly TransferLine[]
  readonly reference: string | null
  readonly dispatchedAt: number
  readonly completedAt: number | null
  readonly version: number
}

export interface WebhookView {
  /** A UUID; its stream is named after it. */
  readonly id: string
  readonly url: string
  /** Names of event types, or "*" alone. */
  readonly eventTypes: readonly string[]
  readonly isEnabled: boolean
  readonly isRemoved: boolean
  /** What makes its secret, and the one before while that is still good. */
  readonly signing: Signing
  readonly previous: PreviousSigning | null
  readonly createdAt: number
  /** The position of its registration: it is told of what comes after. */
  readonly registeredAt: number
  readonly version: number
}

/** One event on its way to one endpoint. */
export interface DeliveryView {
  readonly webhookId: string
  readonly eventId: string
  /** The event's place in the log: that of the delivery in its queue. */
  readonly position: number
  readonly status: 'PENDING' | 'DELIVERED' | 'FAILED'
  /** How often it was sent, or tried to. */
  readonly attempts: number
  /** The answer to the last attempt; null where there was none. */
  readonly lastStatusCode: number | null
  readonly lastError: string | null
  /** Null where it waits for no moment: it is over, it is next, or its endpoint is disabled. */
  readonly nextAttemptAt: number | null
}
