import { gql } from '@urql/core'
import { LEVEL } from './fragments.ts'
import type { Level, Place, Quantities } from './types.ts'

export interface Counted { readonly totalCount: number }

export interface Overview {
  readonly all: Counted & { readonly cursor: string }
  readonly low: Counted & { readonly nodes: readonly Level[] }
  readonly out: Counted
  readonly products: Counted
  readonly locations: Counted & { readonly nodes: readonly PlaceTotals[] }
  readonly system: { readonly version: string; readonly subscribers: number; readonly breakers: readonly Breaker[] }
}

export interface PlaceTotals extends Place {
  readonly stockLevels: Counted
  readonly totals: Pick<Quantities, 'onHand' | 'reserved' | 'incoming'>
}

export interface Breaker { readonly name: string; readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN'; readonly failures: number }

export const OVERVIEW = gql<Overview, Record<string, never>>`
  query Overview {
    all: stockLevels(first: 1) { totalCount cursor }
    low: stockLevels(filter: { onlyLow: true }, orderBy: AVAILABLE, first: 8) { totalCount nodes { ...LevelParts } }
    out: stockLevels(filter: { maxAvailable: 0 }, first: 1) { totalCount }
    products(first: 1) { totalCount }
    locations(first: 200) { totalCount nodes { code name kind timeZone status stockLevels(first: 1) { totalCount } totals { onHand reserved incoming } } }
    system { version subscribers breakers { name state failures } }
  }
  ${LEVEL}
`

export const PLACES = gql<{ locations: { readonly nodes: readonly Place[] } }, Record<string, never>>`
  query Places {
    locations(first: 200) { nodes { code name kind timeZone status } }
  }
`
