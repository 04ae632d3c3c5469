/** What queries and payloads show: plain data, read off the projections. Times are milliseconds since 1970 UTC. */
import type { JsonObject, LocationKind, StockPolicy, Unit } from '../domain/events.ts'

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
}

/** An answer and where in the log it stands. */
export interface At<Value> {
  readonly value: Value
  readonly position: number
}
