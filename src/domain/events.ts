/**
 * The events, as they are stored. This is a file format: logs that exist hold these names and shapes.
 * Only add: a new event type, or an optional field. A field that changes its meaning takes a new schema
 * version and an upcaster (see upcasting.ts).
 *
 * Quantities are whole numbers of the product's smallest unit. Times are milliseconds since 1970 UTC here
 * and RFC 3339 in files.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject { readonly [key: string]: JsonValue }

export type Unit = 'EACH' | 'GRAM' | 'MILLILITRE' | 'MILLIMETRE'
export type LocationKind = 'STORE' | 'WAREHOUSE' | 'DROPSHIP' | 'VIRTUAL'

interface EventOf<Type extends string, Data> { readonly type: Type; readonly data: Readonly<Data> }

export type ProductEvent =
  | EventOf<'ProductRegistered', { sku: string; name: string; barcode: string | null; unit: Unit; attributes: JsonObject }>
  | EventOf<'ProductUpdated', { name?: string; barcode?: string | null; attributes?: JsonObject }>
  | EventOf<'ProductDiscontinued', Record<string, never>>

export type LocationEvent =
  | EventOf<'LocationOpened', { code: string; name: string; kind: LocationKind; timeZone: string }>
  | EventOf<'LocationUpdated', { name?: string; kind?: LocationKind; timeZone?: string }>
  | EventOf<'LocationClosed', Record<string, never>>

export interface StockPolicy {
  readonly safetyStock: number
  readonly reorderPoint: number | null
  readonly reorderQuantity: number | null
  readonly backorderLimit: number
  readonly allowNegative: boolean
}

export type StockLevelEvent =
  | EventOf<'StockAdded', { quantity: number; reason: string }>
  | EventOf<'StockRemoved', { quantity: number; reason: string }>
  /** `difference` is what the count adds to on hand; `counted` is what was there when it was taken. */
  | EventOf<'StockCounted', { counted: number; difference: number }>
  | EventOf<'StockSetAside', { quantity: number; reason: string }>
  | EventOf<'StockPutBack', { quantity: number }>
  | EventOf<'StockPolicySet', Partial<StockPolicy>>
  | EventOf<'StockReserved', { reservationId: string; quantity: number }>
  | EventOf<'ReservedStockFulfilled', { reservationId: string; quantity: number }>
  | EventOf<'ReservedStockReleased', { reservationId: string; quantity: number; cause: ReleaseCause }>
  /** Left for another location. */
  | EventOf<'StockDispatched', { transferId: string; quantity: number }>
  /** Is on its way here. */
  | EventOf<'StockExpected', { transferId: string; quantity: number }>
  /** Came in: `received` is here now, `missing` will never be. */
  | EventOf<'ExpectedStockReceived', { transferId: string; received: number; missing: number }>
  | EventOf<'ExpectedStockCancelled', { transferId: string; quantity: number }>
  /** Came back to where it left from. */
  | EventOf<'DispatchedStockReturned', { transferId: string; quantity: number }>

export type ReleaseCause = 'RELEASED' | 'EXPIRED'

export interface ReservedLine { readonly sku: string; readonly location: string; readonly quantity: number }

export type ReservationEvent =
  | EventOf<'ReservationPlaced', { lines: readonly ReservedLine[]; expiresAt: number | null }>
  | EventOf<'ReservationExtended', { expiresAt: number }>
  | EventOf<'ReservationFulfilled', { lines: readonly ReservedLine[] }>
  | EventOf<'ReservationReleased', { lines: readonly ReservedLine[] }>
  | EventOf<'ReservationExpired', { lines: readonly ReservedLine[] }>

export interface TransferredLine { readonly sku: string; readonly quantity: number }
export interface ReceivedLine { readonly sku: string; readonly received: number; readonly missing: number }

export type TransferEvent =
  | EventOf<'TransferDispatched', { from: string; to: string; lines: readonly TransferredLine[] }>
  | EventOf<'TransferReceived', { lines: readonly ReceivedLine[] }>
  | EventOf<'TransferCancelled', { lines: readonly TransferredLine[] }>

/** Which secret an endpoint's deliveries are signed with. The secret itself is in no event: it is made from this and a key. */
export interface Signing {
  readonly keyId: string
  /** 1 for the first secret of an endpoint; one more with each rotation. */
  readonly generation: number
}

export type WebhookEvent =
  | EventOf<'WebhookRegistered', { url: string; eventTypes: readonly string[]; signing: Signing }>
  | EventOf<'WebhookUpdated', { url?: string; eventTypes?: readonly string[]; isEnabled?: boolean }>
  /** Until `previousUntil` deliveries are signed with the secret before, too. */
  | EventOf<'WebhookSecretRotated', { signing: Signing; previousUntil: number }>
  | EventOf<'WebhookRemoved', Record<string, never>>
  | EventOf<'WebhookRedeliveryRequested', { eventId: string }>

export type DomainEvent = ProductEvent | LocationEvent | StockLevelEvent | ReservationEvent | TransferEvent | WebhookEvent
export type EventType = DomainEvent['type']

/** The schema version that each type is written in today. */
export const EVENT_SCHEMAS: Readonly<Record<EventType, number>> = {
  ProductRegistered: 1, ProductUpdated: 1, ProductDiscontinued: 1,
  LocationOpened: 1, LocationUpdated: 1, LocationClosed: 1,
  StockAdded: 1, StockRemoved: 1, StockCounted: 1, StockSetAside: 1, StockPutBack: 1, StockPolicySet: 1,
  StockReserved: 1, ReservedStockFulfilled: 1, ReservedStockReleased: 1,
  StockDispatched: 1, StockExpected: 1, ExpectedStockReceived: 1, ExpectedStockCancelled: 1, DispatchedStockReturned: 1,
  ReservationPlaced: 1, ReservationExtended: 1, ReservationFulfilled: 1, ReservationReleased: 1, ReservationExpired: 1,
  TransferDispatched: 1, TransferReceived: 1, TransferCancelled: 1,
  WebhookRegistered: 1, WebhookUpdated: 1, WebhookSecretRotated: 1, WebhookRemoved: 1, WebhookRedeliveryRequested: 1,
}
