import { EVENTS, type EventFilter } from '../api/events.ts'
import type { LogEvent } from '../api/types.ts'
import { follow } from './follow.ts'

const BATCH_MS = 150

/** Follows the filtered log and hands on what comes in batches. Null begins with now. Returns the way to stop. */
export function followEvents(filter: EventFilter, after: string | null, onEvents: (newestFirst: readonly LogEvent[]) => void): () => void {
  let waiting: LogEvent[] = []
  let timer: number | undefined
  const stop = follow({
    document: EVENTS,
    variables: (cursor) => ({ filter, after: cursor }),
    itemOf: ({ events }) => events,
    cursorOf: ({ cursor }) => cursor,
    after,
    onItem(event) {
      waiting.unshift(event)
      timer ??= window.setTimeout(() => {
        onEvents(waiting)
        waiting = []
        timer = undefined
      }, BATCH_MS)
    },
  })
  return () => {
    stop()
    window.clearTimeout(timer)
  }
}
