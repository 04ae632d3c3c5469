import { useEffect, useReducer, useRef } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { type EventFilter, LAST_EVENTS } from '../api/events.ts'
import type { LogEvent } from '../api/types.ts'

const PAGE_EVENTS = 100
/** Beyond this the oldest are dropped when new ones come; they can be asked for again. */
const EVENTS_KEPT = 600

export interface RecentEvents {
  /** The newest first. */
  readonly events: readonly LogEvent[]
  readonly hasOlder: boolean
  readonly isLoading: boolean
  readonly error: unknown
  older(): void
  add(events: readonly LogEvent[]): void
}

interface State { readonly events: readonly LogEvent[]; readonly hasOlder: boolean; readonly isLoading: boolean; readonly error: unknown }
type Step =
  | { readonly kind: 'asked' | 'began' }
  | { readonly kind: 'older' | 'newer'; readonly events: readonly LogEvent[]; readonly hasOlder?: boolean }
  | { readonly kind: 'failed'; readonly error: unknown }

const BEGINNING: State = { events: [], hasOlder: false, isLoading: true, error: undefined }

/** The end of the log as far as the filter lets it through, and further back page by page. */
export function useRecentEvents(filter: EventFilter, onFirst?: (last: LogEvent | undefined) => void): RecentEvents {
  const [state, step] = useReducer(next, BEGINNING)
  const key = JSON.stringify(filter)
  const current = useRef(key)
  const load = (before: string | null): void => {
    step({ kind: 'asked' })
    ask(LAST_EVENTS, { filter, last: PAGE_EVENTS, before }).then(
      ({ events: { nodes, pageInfo } }) => {
        if (current.current !== key) return
        step({ kind: 'older', events: [...nodes].reverse(), hasOlder: pageInfo.hasPreviousPage })
        if (before === null) onFirst?.(nodes.at(-1))
      },
      (error: unknown) => { if (current.current === key) step({ kind: 'failed', error }) },
    )
  }
  useEffect(() => {
    current.current = key
    step({ kind: 'began' })
    load(null)
    return () => { current.current = '' }
  }, [key])
  return { ...state, older: () => { load(state.events.at(-1)?.cursor ?? null) }, add: (events) => { step({ kind: 'newer', events }) } }
}

function next(state: State, step: Step): State {
  switch (step.kind) {
    case 'began': return BEGINNING
    case 'asked': return { ...state, isLoading: true, error: undefined }
    case 'failed': return { ...state, isLoading: false, error: step.error }
    case 'older': return { events: merged(state.events, step.events), hasOlder: step.hasOlder ?? false, isLoading: false, error: undefined }
    case 'newer': {
      const events = merged(step.events, state.events)
      return { ...state, events: events.slice(0, EVENTS_KEPT), hasOlder: state.hasOlder || events.length > EVENTS_KEPT }
    }
  }
}

/** Newer before older; what is in both stays once. */
function merged(newer: readonly LogEvent[], older: readonly LogEvent[]): readonly LogEvent[] {
  const known = new Set(newer.map(({ id }) => id))
  return [...newer, ...older.filter(({ id }) => !known.has(id))]
}
