/** The projections' tables, as the application needs them: written by the projector, read by the queries. */
import type { RecordedEvent } from './ports.ts'
import type { At, LocationView, Page, ProductView, ReservationView, StockLevelView, TotalsView, TransferView, WebhookView } from './views.ts'
import type { LocationKind, ReservedLine } from '../domain/events.ts'
import type { LocationContents } from '../domain/location.ts'

export interface PageRequest { readonly first: number; readonly after?: string }

/** What had happened in the shop by `asOf`, as far as the log had taken it in by `knownAt`; now where one is left out. */
export interface Moment {
  readonly asOf?: number
  readonly knownAt?: number
}

export interface StockQuery extends PageRequest {
  readonly moment?: Moment
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  /** Matches the start of a SKU, or any word of the product's name, whatever its case. */
  readonly search?: string
  readonly onlyLow?: boolean
  readonly onlyAvailable?: boolean
  readonly minAvailable?: number
  readonly maxAvailable?: number
  readonly orderBy: 'SKU' | 'LOCATION' | 'ON_HAND' | 'AVAILABLE' | 'UPDATED_AT'
  readonly direction: 'ASC' | 'DESC'
}

export interface ProductQuery extends PageRequest {
  readonly search?: string
  readonly statuses?: readonly ProductView['status'][]
}

export interface LocationQuery extends PageRequest { readonly kinds?: readonly LocationKind[] }

/** All that is named must hold; SKUs and locations of one and the same line. */
export interface ReservationQuery extends PageRequest {
  readonly statuses?: readonly ReservationView['status'][]
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  readonly reference?: string
  /** Only those with a line at one of these locations. */
  readonly within?: readonly string[]
}

/** `skus`: in one of its lines; `locations`: either end. */
export interface TransferQuery extends PageRequest {
  readonly statuses?: readonly TransferView['status'][]
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  /** Only those with an end at one of these locations. */
  readonly within?: readonly string[]
}

/** Open reservations that are over by `now`, in the order of their end, after a place in that order. */
export interface DueQuery {
  readonly now: number
  readonly first: number
  readonly after?: { readonly expiresAt: number; readonly id: string }
}

export interface PromisableQuery {
  readonly skus: readonly string[]
  /** Anywhere where it is left out. */
  readonly locations?: readonly string[]
  readonly first: number
}

export interface StockLevelKey { readonly sku: string; readonly location: string }

/** A stock level right after the event of this version. */
export interface StockLevelVersion extends StockLevelKey { readonly version: number }

/**
 * Current rows that are in this process already; undefined where one has to be asked for. Told without a promise, as
 * one page asks for hundreds.
 */
export interface AtHand {
  product(sku: string): At<ProductView | undefined> | undefined
  location(code: string): At<LocationView | undefined> | undefined
  stockLevel(key: StockLevelKey): At<StockLevelView | undefined> | undefined
}

/** Answers from the projections, each as of the checkpoint. A cursor that isn't one of ours: InvalidCursor. */
export interface ReadModel {
  /** Left out where nothing is. */
  readonly atHand?: AtHand | undefined
  products(skus: readonly string[]): Promise<At<readonly (ProductView | undefined)[]>>
  locations(codes: readonly string[]): Promise<At<readonly (LocationView | undefined)[]>>
  stockLevels(keys: readonly StockLevelKey[]): Promise<At<readonly (StockLevelView | undefined)[]>>
  /** One of them without a promise; left out where that is more than a read in this process. */
  stockLevelNow?(key: StockLevelKey): At<StockLevelView | undefined>
  productPage(query: ProductQuery): Promise<Page<ProductView>>
  locationPage(query: LocationQuery): Promise<Page<LocationView>>
  stockPage(query: StockQuery): Promise<Page<StockLevelView>>
  /** Over these locations; over all where it is left out. */
  totals(skus: readonly string[], locations?: readonly string[]): Promise<At<readonly TotalsView[]>>
  /** Summed over every product, location by location. */
  locationTotals(codes: readonly string[]): Promise<At<readonly TotalsView[]>>
  /** Stock levels at a past moment; undefined where there was nothing yet. */
  stockLevelsAt(keys: readonly StockLevelKey[], moment: Moment): Promise<At<readonly (StockLevelView | undefined)[]>>
  /** Stock levels as they were right after an event; undefined for a version that there is not, or not projected. */
  stockLevelsAfter(keys: readonly StockLevelVersion[]): Promise<At<readonly (StockLevelView | undefined)[]>>
  /** On hand at that moment of business time by all that is known now, and the version of the stock level that it is known at. */
  onHandAt(key: StockLevelKey, occurredAt: number): Promise<At<{ readonly onHand: number; readonly version: number }>>
  /** What keeps the location from being closed; of each kind some, where there are many. */
  locationContents(code: string): Promise<At<LocationContents>>
  reservations(ids: readonly string[]): Promise<At<readonly (ReservationView | undefined)[]>>
  /** In the order of placing. */
  reservationPage(query: ReservationQuery): Promise<Page<ReservationView>>
  dueReservations(query: DueQuery): Promise<At<readonly ReservationView[]>>
  transfers(ids: readonly string[]): Promise<At<readonly (TransferView | undefined)[]>>
  /** In the order of dispatching. */
  transferPage(query: TransferQuery): Promise<Page<TransferView>>
  /** Of these ids, also where they are removed. */
  webhooksById(ids: readonly string[]): Promise<At<readonly (WebhookView | undefined)[]>>
  /** All that are not removed, in the order of registration. */
  webhooks(): Promise<At<readonly WebhookView[]>>
  /** What new reservations may take, wherever that is more than nothing: of active products at open locations. */
  promisable(query: PromisableQuery): Promise<At<readonly ReservedLine[]>>
}

export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

/** One projection: which row an event touches, and what that row becomes. Pure. */
export interface Projection<Row extends object> {
  readonly name: string
  /** The row's key, or undefined where the event is of no concern. */
  keyOf(event: RecordedEvent): string | undefined
  evolve(row: Row | undefined, event: RecordedEvent): Row
}

/** A projection whose rows hold all of the aggregate's state, so that decisions can begin from them. */
export interface StateProjection<Row extends { readonly version: number }, State> extends Projection<Row> {
  stateOf(row: Row): State
}

/** One row of one projection, before and after one event. */
export interface RowChange {
  readonly projection: string
  readonly key: string
  readonly event: RecordedEvent
  readonly before: object | undefined
  readonly after: object
}

/** A batch of events and what it made of the rows: what the bus carries. */
export interface Projected {
  readonly events: readonly RecordedEvent[]
  readonly changes: readonly RowChange[]
}

/** Where the projector keeps its rows. */
export interface ProjectionTables {
  /** The position up to which all is projected. */
  checkpoint(): number
  row(projection: string, key: string): object | undefined
  /** The changed rows and the new checkpoint in one transaction: all or none. Refuses a checkpoint that is not `from`. */
  commit(changes: readonly RowChange[], from: number, to: number): void
}

/** What decisions begin with. Told without a promise where the tables are in this process. */
export interface KnownRows {
  /** The position up to which all is shown here. */
  checkpoint(): number
  /** Of that position or a later one. */
  row(projection: string, key: string): object | undefined | Promise<object | undefined>
}

/**
 * The same tables where several nodes share them. One node at a time projects, and what another one writes that only
 * believes it is its turn has no effect. Rejects with Unavailable where they are away.
 */
export interface SharedTables {
  /** The position up to which all is projected. */
  position(): Promise<number>
  /** Takes the turn where nobody has it, or keeps it for some seconds more; whether it is this node's. */
  hold(): Promise<boolean>
  /** As ProjectionTables, but false where it is not this node's turn, or all is not projected up to `from` exactly: then nothing has changed. */
  commit(changes: readonly RowChange[], from: number, to: number): Promise<boolean>
  /** Gives the turn back. To be called last. */
  release(): Promise<void>
}
