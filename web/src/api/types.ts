/** What the documents of this folder select, as it arrives: quantities in the product's unit, times as RFC 3339. */
export interface Quantities {
  readonly onHand: number
  readonly reserved: number
  readonly unavailable: number
  readonly available: number
  readonly incoming: number
  readonly safetyStock: number
  readonly availableToPromise: number
}

export interface Place {
  readonly code: string
  readonly name: string
  readonly kind: string
  readonly timeZone: string
  readonly status: 'OPEN' | 'CLOSED'
}

export interface Level {
  readonly id: string
  readonly product: { readonly sku: string; readonly name: string; readonly status: 'ACTIVE' | 'DISCONTINUED' }
  readonly location: Place
  readonly quantities: Quantities
  readonly reorderPoint: number | null
  readonly reorderQuantity: number | null
  readonly backorderLimit: number
  readonly allowNegative: boolean
  readonly isLow: boolean
  readonly stale: boolean
  readonly version: number
  readonly updatedAt: string
}

export interface LogEvent {
  readonly id: string
  readonly cursor: string
  readonly type: string
  readonly stream: string
  readonly version: number
  readonly occurredAt: string
  readonly recordedAt: string
  readonly sku: string | null
  readonly location: string | null
  readonly data: Readonly<Record<string, unknown>>
  readonly actor: string | null
  readonly reason: string | null
  readonly reference: string | null
  readonly note: string | null
  readonly correlationId: string
  readonly causationId: string | null
}

export interface Change {
  readonly cursor: string
  readonly event: LogEvent
  readonly stockLevel: Level
  readonly onHandDelta: number
  readonly reservedDelta: number
  readonly availableDelta: number
}

export interface PageInfo { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly startCursor: string | null; readonly endCursor: string | null }

export interface Page<Row> { readonly nodes: readonly Row[]; readonly totalCount: number; readonly pageInfo: PageInfo }

export interface UserError {
  readonly code: string
  readonly message: string
  readonly field: readonly string[] | null
  readonly details: Readonly<Record<string, unknown>> | null
}
