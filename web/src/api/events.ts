import { gql } from '@urql/core'
import { EVENT } from './fragments.ts'
import type { LogEvent, PageInfo } from './types.ts'

export interface EventFilter {
  readonly types?: readonly string[]
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  readonly reference?: string
  readonly correlationId?: string
}

interface EventPage { readonly nodes: readonly LogEvent[]; readonly pageInfo: PageInfo }

/** From the log's end, or from before a cursor; in log order. */
export const LAST_EVENTS = gql<{ events: EventPage }, { filter: EventFilter; last: number; before: string | null }>`
  query LastEvents($filter: EventFilter, $last: Int, $before: Cursor) {
    events(filter: $filter, last: $last, before: $before) {
      nodes { ...EventParts }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
  ${EVENT}
`

export const EVENTS = gql<{ events: LogEvent }, { filter: EventFilter; after: string | null }>`
  subscription Events($filter: EventFilter, $after: Cursor) {
    events(filter: $filter, after: $after) { ...EventParts }
  }
  ${EVENT}
`
