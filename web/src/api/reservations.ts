import { gql } from '@urql/core'
import { command } from './commands.ts'
import { RESERVATION_PARTS } from './fragments.ts'
import type { Page } from './types.ts'

export const RESERVATION_STATUSES = ['OPEN', 'FULFILLED', 'RELEASED', 'EXPIRED'] as const
export type ReservationStatus = (typeof RESERVATION_STATUSES)[number]

export interface ReservationLine { readonly sku: string; readonly location: string; readonly quantity: number; readonly fulfilled: number; readonly released: number }

export interface Reservation {
  readonly id: string
  readonly status: ReservationStatus
  readonly reference: string | null
  readonly placedAt: string
  readonly expiresAt: string | null
  readonly version: number
  readonly lines: readonly ReservationLine[]
}

export interface ReservationFilter {
  readonly statuses?: readonly ReservationStatus[]
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  readonly reference?: string
}

/** With the log's place from which on changes of this page are to be followed. */
export const RESERVATIONS = gql<
  { list: Page<Reservation>; system: { readonly readCursor: string } },
  { filter: ReservationFilter; first: number; after: string | null }
>`
  query Reservations($filter: ReservationFilter, $first: Int, $after: String) {
    system { readCursor }
    list: reservations(filter: $filter, first: $first, after: $after) {
      nodes { ...ReservationParts }
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
  ${RESERVATION_PARTS}
`

export const RESERVATION = gql<{ reservation: Reservation | null; system: { readonly readCursor: string } }, { id: string }>`
  query Reservation($id: ID!) {
    system { readCursor }
    reservation(id: $id) { ...ReservationParts }
  }
  ${RESERVATION_PARTS}
`

const change = (field: string) => command<{ readonly reservation: Reservation | null }>(field, 'reservation { ...ReservationParts }', RESERVATION_PARTS)

export const FULFILL_RESERVATION = change('fulfillReservation')
export const RELEASE_RESERVATION = change('releaseReservation')
export const EXTEND_RESERVATION = change('extendReservation')
