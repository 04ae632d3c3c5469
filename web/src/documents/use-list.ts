import { useEffect, useState } from 'preact/hooks'
import type { EventFilter } from '../api/events.ts'
import type { Page } from '../api/types.ts'
import { followEvents } from '../live/follow-events.ts'
import { useAsked } from '../view/asked.ts'

export const PAGE_ROWS = 50

interface Answer<Row> { readonly list: Page<Row>; readonly system: { readonly readCursor: string } }

export interface List<Row> {
  readonly page: Page<Row> | undefined
  readonly error: unknown
  /** The number of the page's first row, from 1. */
  readonly from: number
  again(): void
  readonly next: (() => void) | undefined
  readonly previous: (() => void) | undefined
}

/** A list page by page; what happens to what it shows is asked for at once. A new question begins at its first page. */
export function useList<Row>(question: string, types: readonly string[], ask: (after: string | null) => Promise<Answer<Row>>): List<Row> {
  const [trail, setTrail] = useState<{ question: string; starts: readonly (string | null)[] }>({ question, starts: [null] })
  const starts = trail.question === question ? trail.starts : [null]
  const after = starts.at(-1) ?? null
  const { data, error, again } = useAsked(JSON.stringify([question, after]), () => ask(after))
  useFollowed(JSON.stringify([question, after]), data?.system.readCursor, { types }, again)
  const end = data?.list.pageInfo.hasNextPage ? data.list.pageInfo.endCursor : null
  return {
    page: data?.list, error, again,
    from: (starts.length - 1) * PAGE_ROWS + 1,
    next: end === null ? undefined : () => { setTrail({ question, starts: [...starts, end] }) },
    previous: starts.length === 1 ? undefined : () => { setTrail({ question, starts: starts.slice(0, -1) }) },
  }
}

/** Calls back after events that came after an answer: its cursor is where to begin, and is looked at once a key. */
export function useFollowed(key: string, cursor: string | undefined, filter: EventFilter, onEvents: () => void): void {
  useEffect(() => (cursor === undefined ? undefined : followEvents(filter, cursor, onEvents)), [key, cursor === undefined])
}
