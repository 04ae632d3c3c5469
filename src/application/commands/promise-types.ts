/** The commands on reservations and transfers as they come in. Ids are plain UUIDs. */
import type { ReservedLine, TransferredLine } from '../../domain/events.ts'
import type { SourcingStrategy, WantedLine } from '../../domain/sourcing.ts'
import type { ReservationView, TransferView } from '../views.ts'
import type { Answer, Caller, Documented, Expecting, Keyed } from './types.ts'

/** Where the location is left out, the server picks. */
export interface SourcedLine extends WantedLine { readonly location?: string | undefined }

type Referenced = Pick<Documented, 'reference'>

/** Up to RESERVATION_LINES_MAX lines, all or none. */
export interface ReserveStock extends Keyed, Referenced {
  readonly lines: readonly SourcedLine[]
  /** Where lines without a location may be sourced, in order of priority; anywhere open where it is left out. */
  readonly locations?: readonly string[] | undefined
  /** Lines without a location are taken from these alone: a bound of the caller, and no part of what is asked for. */
  readonly within?: readonly string[]
  readonly strategy: SourcingStrategy
  /** Up to RESERVATION_SECONDS_MAX; left out, the reservation stays until it is ended. */
  readonly expiresInSeconds?: number | undefined
  /** All is decided and answered, and nothing appended. */
  readonly dryRun: boolean
  readonly note?: string | undefined
}

interface OnEntity extends Expecting, Keyed { readonly id: string }

/** From now on. */
export interface ExtendReservation extends OnEntity { readonly expiresInSeconds: number }
/** Without lines, all that is open. */
export interface FulfillReservation extends OnEntity, Referenced {
  readonly lines?: readonly ReservedLine[] | undefined
  readonly occurredAt?: number | undefined
}
export interface ReleaseReservation extends OnEntity, Referenced { readonly lines?: readonly ReservedLine[] | undefined }

/** Up to TRANSFER_LINES_MAX lines, all or none. */
export interface DispatchTransfer extends Keyed, Referenced {
  readonly from: string
  readonly to: string
  readonly lines: readonly TransferredLine[]
  readonly note?: string | undefined
}
/** Without lines, all arrived. A line that is named is closed by it, what is short of it missing. */
export interface ReceiveTransfer extends OnEntity, Referenced { readonly lines?: readonly TransferredLine[] | undefined }
export type CancelTransfer = OnEntity

/** Every line that is short is named at once, in one DomainErrors. */
export interface PromiseCommands {
  reserveStock(command: ReserveStock, caller: Caller): Promise<Answer<ReservationView>>
  extendReservation(command: ExtendReservation, caller: Caller): Promise<Answer<ReservationView>>
  fulfillReservation(command: FulfillReservation, caller: Caller): Promise<Answer<ReservationView>>
  releaseReservation(command: ReleaseReservation, caller: Caller): Promise<Answer<ReservationView>>
  dispatchTransfer(command: DispatchTransfer, caller: Caller): Promise<Answer<TransferView>>
  receiveTransfer(command: ReceiveTransfer, caller: Caller): Promise<Answer<TransferView>>
  cancelTransfer(command: CancelTransfer, caller: Caller): Promise<Answer<TransferView>>
}
