/** The projections' tables, as the application needs them: written by the projector, read by the queries. */
import type { RecordedEvent } from './ports.ts'
import type { At, LocationView, Page, ProductView, StockLevelView, TotalsView } from './views.ts'
import type { LocationKind } from '../domain/events.ts'

export interface PageRequest { readonly first: number; readonly after?: string }

export interface StockQuery extends PageRequest {
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

export interface StockLevelKey { readonly sku: string; readonly location: string }

/** Answers from the projections, each as of the checkpoint. A cursor that isn't one of ours: InvalidCursor. */
export interface ReadModel {
  products(skus: readonly string[]): Promise<At<readonly (ProductView | undefined)[]>>
  locations(codes: readonly string[]): Promise<At<readonly (LocationView | undefined)[]>>
  stockLevels(keys: readonly StockLevelKey[]): Promise<At<readonly (StockLevelView | undefined)[]>>
  productPage(query: ProductQuery): Promise<Page<ProductView>>
  locationPage(query: LocationQuery): Promise<Page<LocationView>>
  stockPage(query: StockQuery): Promise<Page<StockLevelView>>
  totals(skus: readonly string[]): Promise<At<readonly TotalsView[]>>
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

/** One row of one projection, before and after one event. */
export interface RowChange {
  readonly projection: string
  readonly key: string
  readonly event: RecordedEvent
  readonly before: object | undefined
  readonly after: object
}

/** Where the projector keeps its rows. */
export interface ProjectionTables {
  /** The position up to which all is projected. */
  checkpoint(): number
  row(projection: string, key: string): object | undefined
  /** The changed rows and the new checkpoint in one transaction: all or none. Refuses a checkpoint that is not `from`. */
  commit(changes: readonly RowChange[], from: number, to: number): void
}
