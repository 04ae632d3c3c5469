/** The commands as they come in: plain data that any edge can make. Times are milliseconds since 1970 UTC. */
import type { DomainError } from '../../domain/errors.ts'
import type { StockPolicy } from '../../domain/events.ts'
import type { LocationDetails } from '../../domain/location.ts'
import type { ProductDetails } from '../../domain/product.ts'
import type { LocationView, ProductView, StockLevelView } from '../views.ts'
import type { PromiseCommands } from './promise-types.ts'
import type { WebhookCommands } from './webhook-types.ts'

/** Who asks, and in answer to what. */
export interface Caller {
  readonly correlationId: string
  readonly causationId?: string
  readonly actor?: string
  /** Of the trace that it is part of, as W3C has it; only where there is one. */
  readonly traceparent?: string
}

export interface Keyed { readonly idempotencyKey?: string | undefined }
export interface Expecting { readonly expectedVersion?: number | undefined }

export interface Documented {
  readonly reference?: string | undefined
  readonly note?: string | undefined
  /** When it happened in the shop; now where it is left out, never in the future. */
  readonly occurredAt?: number | undefined
}

export type RegisterProduct = ProductDetails & Keyed
export type UpdateProduct = Pick<ProductDetails, 'sku'> & Partial<Pick<ProductDetails, 'name' | 'barcode' | 'attributes'>> & Expecting & Keyed
export type DiscontinueProduct = Pick<ProductDetails, 'sku'> & Expecting & Keyed
export type OpenLocation = LocationDetails & Keyed
export type CloseLocation = Pick<LocationDetails, 'code'> & Expecting & Keyed
export type UpdateLocation = Pick<LocationDetails, 'code'> & Partial<Omit<LocationDetails, 'code'>> & Expecting & Keyed

interface OnStockLevel extends Expecting, Keyed { readonly sku: string; readonly location: string }

export interface AddStock extends OnStockLevel, Documented { readonly quantity: number; readonly reason: string }
export interface RemoveStock extends OnStockLevel, Documented { readonly quantity: number; readonly reason: string }
/** `counted` was there at `occurredAt`. */
export interface CountStock extends OnStockLevel, Documented { readonly counted: number }
export interface SetStockAside extends OnStockLevel, Documented { readonly quantity: number; readonly reason: string }
export interface PutStockBack extends OnStockLevel, Documented { readonly quantity: number }
export interface SetStockPolicy extends OnStockLevel { readonly policy: Partial<StockPolicy> }

export const MOVEMENTS_MAX = 10_000

export interface Movement {
  readonly sku: string
  readonly location: string
  /** Above zero adds, below zero removes. */
  readonly delta: number
  readonly reason?: string | undefined
  readonly reference?: string | undefined
  readonly occurredAt?: number | undefined
}

/** Up to MOVEMENTS_MAX movements, applied in their order as one append. */
export interface ApplyMovements extends Keyed {
  readonly movements: readonly Movement[]
  /** One bad row and nothing is applied, or bad rows are left out. */
  readonly errorPolicy: 'ALL_OR_NOTHING' | 'SKIP_FAILED'
  /** All is decided and answered, and nothing appended. */
  readonly dryRun: boolean
}

export interface MovementsResult {
  readonly applied: number
  /** Why each bad row was left out, its `field` beginning with `movements` and the row's index. */
  readonly refusals: readonly DomainError[]
  /** Each stock level that was touched, once, as it is after the last movement. */
  readonly stockLevels: readonly StockLevelView[]
}

/** `replayed`: the idempotency key was done before, and this is its first answer again. */
export interface Answer<Result> {
  readonly result: Result
  /** Where the command's last event stands; undefined where nothing was appended. */
  readonly position: number | undefined
  readonly replayed: boolean
}

/** Each rejects with DomainError or DomainErrors as refusal, or with Unavailable. */
export interface Commands extends PromiseCommands, WebhookCommands {
  registerProduct(command: RegisterProduct, caller: Caller): Promise<Answer<ProductView>>
  updateProduct(command: UpdateProduct, caller: Caller): Promise<Answer<ProductView>>
  discontinueProduct(command: DiscontinueProduct, caller: Caller): Promise<Answer<ProductView>>
  openLocation(command: OpenLocation, caller: Caller): Promise<Answer<LocationView>>
  updateLocation(command: UpdateLocation, caller: Caller): Promise<Answer<LocationView>>
  closeLocation(command: CloseLocation, caller: Caller): Promise<Answer<LocationView>>
  addStock(command: AddStock, caller: Caller): Promise<Answer<StockLevelView>>
  removeStock(command: RemoveStock, caller: Caller): Promise<Answer<StockLevelView>>
  countStock(command: CountStock, caller: Caller): Promise<Answer<StockLevelView>>
  setStockAside(command: SetStockAside, caller: Caller): Promise<Answer<StockLevelView>>
  putStockBack(command: PutStockBack, caller: Caller): Promise<Answer<StockLevelView>>
  setStockPolicy(command: SetStockPolicy, caller: Caller): Promise<Answer<StockLevelView>>
  /** With ALL_OR_NOTHING every bad row at once in one DomainErrors. */
  applyMovements(command: ApplyMovements, caller: Caller): Promise<Answer<MovementsResult>>
}
