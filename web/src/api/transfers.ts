import { gql } from '@urql/core'
import { command } from './commands.ts'
import { TRANSFER_PARTS } from './fragments.ts'
import type { Page, Place } from './types.ts'

export const TRANSFER_STATUSES = ['IN_TRANSIT', 'RECEIVED', 'CANCELLED'] as const
export type TransferStatus = (typeof TRANSFER_STATUSES)[number]

export interface TransferLine { readonly sku: string; readonly quantity: number; readonly received: number; readonly missing: number }

export interface Transfer {
  readonly id: string
  readonly status: TransferStatus
  readonly reference: string | null
  readonly from: Pick<Place, 'code' | 'name' | 'timeZone'>
  readonly to: Pick<Place, 'code' | 'name' | 'timeZone'>
  readonly dispatchedAt: string
  readonly completedAt: string | null
  readonly version: number
  readonly lines: readonly TransferLine[]
}

export interface TransferFilter { readonly statuses: readonly TransferStatus[] | null; readonly skus: readonly string[] | null; readonly locations: readonly string[] | null }

/** With the log's place from which on changes of this page are to be followed. */
export const TRANSFERS = gql<
  { list: Page<Transfer>; system: { readonly readCursor: string } },
  TransferFilter & { first: number; after: string | null }
>`
  query Transfers($statuses: [TransferStatus!], $skus: [String!], $locations: [String!], $first: Int, $after: String) {
    system { readCursor }
    list: transfers(statuses: $statuses, skus: $skus, locations: $locations, first: $first, after: $after) {
      nodes { ...TransferParts }
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
  ${TRANSFER_PARTS}
`

export const TRANSFER = gql<{ transfer: Transfer | null; system: { readonly readCursor: string } }, { id: string }>`
  query Transfer($id: ID!) {
    system { readCursor }
    transfer(id: $id) { ...TransferParts }
  }
  ${TRANSFER_PARTS}
`

const change = (field: string) => command<{ readonly transfer: Transfer | null }>(field, 'transfer { ...TransferParts }', TRANSFER_PARTS)

export const RECEIVE_TRANSFER = change('receiveTransfer')
export const CANCEL_TRANSFER = change('cancelTransfer')
