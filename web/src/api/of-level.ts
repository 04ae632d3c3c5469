import { gql } from '@urql/core'
import { RESERVATION_PARTS, TRANSFER_PARTS } from './fragments.ts'
import type { Reservation } from './reservations.ts'
import type { Transfer } from './transfers.ts'

interface Some<Row> { readonly totalCount: number; readonly nodes: readonly Row[] }

/** What is open of one stock level: lists of one SKU and one location. */
export const OF_LEVEL = gql<
  { reservations: Some<Reservation>; transfers: Some<Transfer>; system: { readonly readCursor: string } },
  { skus: readonly string[]; locations: readonly string[] }
>`
  query OfLevel($skus: [String!], $locations: [String!]) {
    system { readCursor }
    reservations(filter: { statuses: [OPEN], skus: $skus, locations: $locations }, first: 20) { totalCount nodes { ...ReservationParts } }
    transfers(statuses: [IN_TRANSIT], skus: $skus, locations: $locations, first: 20) { totalCount nodes { ...TransferParts } }
  }
  ${RESERVATION_PARTS}
  ${TRANSFER_PARTS}
`
