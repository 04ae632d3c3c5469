import { signal } from '@preact/signals'
import { ask } from '../api/client.ts'
import { START, STOCK_CHANGED } from '../api/stock.ts'
import type { Change } from '../api/types.ts'
import { countCaughtUp, waitMs } from './connection.ts'
import { follow } from './follow.ts'
import { countChange } from './rates.ts'

/** Views are told in batches: a screen shows no more than that anyway. */
const BATCH_MS = 100
const FEED_LENGTH = 200

/** The last changes, the newest first. */
export const feed = signal<readonly Change[]>([])

/** Grows when the server has another log than before: everything that is shown is asked for anew. */
export const generation = signal(0)

const listeners = new Set<(changes: readonly Change[]) => void>()
let waiting: Change[] = []
let timer: number | undefined

/** Every change from now on, in log order, in batches. Returns the way to unsubscribe. */
export function onChanges(listener: (changes: readonly Change[]) => void): () => void {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

/** Follows the whole network for as long as the page is open. */
export function watchChanges(attempt = 1): void {
  ask(START, {}).then(
    ({ stockLevels }) => { followFrom(stockLevels.cursor) },
    () => { window.setTimeout(() => { watchChanges(attempt + 1) }, waitMs(attempt)) },
  )
}

function followFrom(after: string): void {
  follow({
    document: STOCK_CHANGED,
    variables: (cursor) => ({ after: cursor }),
    itemOf: ({ stockChanged }) => stockChanged,
    cursorOf: ({ cursor }) => cursor,
    after,
    onItem: take,
    onOtherLog() {
      feed.value = []
      generation.value += 1
    },
  })
}

function take(change: Change): void {
  countChange(change)
  countCaughtUp(change.event.recordedAt)
  waiting.push(change)
  timer ??= window.setTimeout(flush, BATCH_MS)
}

function flush(): void {
  const changes = waiting
  waiting = []
  timer = undefined
  feed.value = [...changes.slice(-FEED_LENGTH).reverse(), ...feed.value].slice(0, FEED_LENGTH)
  for (const listener of listeners) listener(changes)
}
