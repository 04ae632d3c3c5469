import type { TypedDocumentNode } from '@urql/core'
import { subscribe } from '../api/client.ts'
import { connection, waitMs } from './connection.ts'

export interface Following<Data, Item, Variables extends Record<string, unknown>> {
  readonly document: TypedDocumentNode<Data, Variables>
  variables(after: string | null): Variables
  itemOf(data: Data): Item
  cursorOf(item: Item): string
  /** Null begins with what happens from now on. */
  readonly after: string | null
  onItem(item: Item): void
  /** The server's log has no such place: it is another log than before. Following begins anew from now on. */
  onOtherLog?(): void
}

/**
 * Follows the log and goes on from the last item's cursor whenever the connection breaks: nothing is missed and
 * nothing comes twice. Returns the way to stop.
 */
export function follow<Data, Item, Variables extends Record<string, unknown>>(following: Following<Data, Item, Variables>): () => void {
  const { document, itemOf, cursorOf, onItem } = following
  let { after } = following
  let attempt = 0
  let timer: number | undefined
  let unsubscribe = start()

  function start(): () => void {
    return subscribe(document, following.variables(after), {
      next({ data }) {
        if (!data) return
        attempt = 0
        const item = itemOf(data)
        after = cursorOf(item)
        onItem(item)
      },
      error(reason) {
        if (after !== null && isOtherLog(reason)) {
          after = null
          following.onOtherLog?.()
        }
        retry()
      },
      complete: retry,
    })
  }

  function retry(): void {
    if (connection.value === 'live') attempt = 0
    attempt += 1
    window.clearTimeout(timer)
    timer = window.setTimeout(() => { unsubscribe = start() }, waitMs(attempt))
  }

  let isStopped = false
  return () => {
    if (isStopped) return
    isStopped = true
    unsubscribe()
    window.clearTimeout(timer)
  }
}

const isOtherLog = (reason: unknown): boolean =>
  Array.isArray(reason) && reason.some((error: { extensions?: { code?: unknown } }) => error.extensions?.code === 'BAD_USER_INPUT')
