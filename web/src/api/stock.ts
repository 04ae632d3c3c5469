import { gql } from '@urql/core'
import { EVENT, LEVEL } from './fragments.ts'
import type { Change, Level, PageInfo } from './types.ts'

export const STOCK_ORDERS = ['SKU', 'LOCATION', 'ON_HAND', 'AVAILABLE', 'UPDATED_AT'] as const
export type StockOrder = (typeof STOCK_ORDERS)[number]

export interface StockFilter {
  readonly search?: string
  readonly locations?: readonly string[]
  readonly onlyLow?: boolean
  readonly onlyAvailable?: boolean
  readonly maxAvailable?: number
}

export interface StockPageVariables {
  readonly [name: string]: unknown
  readonly filter: StockFilter
  readonly orderBy: StockOrder
  readonly direction: 'ASC' | 'DESC'
  readonly first: number
  readonly after: string | null
}

export interface StockPage { readonly nodes: readonly Level[]; readonly pageInfo: PageInfo; readonly totalCount: number; readonly cursor: string }

export const STOCK_PAGE = gql<{ stockLevels: StockPage }, StockPageVariables>`
  query StockPage($filter: StockFilter, $orderBy: StockOrder, $direction: Direction, $first: Int, $after: String) {
    stockLevels(filter: $filter, orderBy: $orderBy, direction: $direction, first: $first, after: $after) {
      nodes { ...LevelParts }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
      cursor
    }
  }
  ${LEVEL}
`

/** Only where the page ends: to get far down without carrying the rows on the way. */
export const STOCK_PAGE_END = gql<{ stockLevels: Pick<StockPage, 'pageInfo' | 'totalCount'> }, StockPageVariables>`
  query StockPageEnd($filter: StockFilter, $orderBy: StockOrder, $direction: Direction, $first: Int, $after: String) {
    stockLevels(filter: $filter, orderBy: $orderBy, direction: $direction, first: $first, after: $after) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`

export const STOCK_LEVEL = gql<{ stockLevel: Level | null }, { sku: string; location: string }>`
  query StockLevel($sku: String!, $location: String!) {
    stockLevel(sku: $sku, location: $location) { ...LevelParts }
  }
  ${LEVEL}
`

export const STOCK_LEVEL_AS_OF = gql<{ stockLevel: Pick<Level, 'quantities'> | null }, { sku: string; location: string; asOf: string }>`
  query StockLevelAsOf($sku: String!, $location: String!, $asOf: DateTime) {
    stockLevel(sku: $sku, location: $location, asOf: $asOf) {
      quantities { onHand reserved unavailable available incoming safetyStock availableToPromise }
    }
  }
`

/** Where to begin following. */
export const START = gql<{ stockLevels: Pick<StockPage, 'cursor'> }, Record<string, never>>`
  query Start { stockLevels(first: 1) { cursor } }
`

export const STOCK_CHANGED = gql<{ stockChanged: Change }, { after: string | null }>`
  subscription StockChanged($after: Cursor) {
    stockChanged(after: $after) {
      cursor onHandDelta reservedDelta availableDelta
      event { ...EventParts }
      stockLevel { ...LevelParts }
    }
  }
  ${EVENT}
  ${LEVEL}
`
