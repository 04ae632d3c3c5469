import type { Append, EventBus, EventStore, RecordedEvent } from './ports.ts'

/** What nodes tell each other: that this log goes up to the position at least. To be believed only as far as the log bears it out. */
export interface Hint {
  readonly logId: string
  readonly position: number
}

/** An event store that others write to as well. */
export interface SharedEventStore extends EventStore {
  /** Looks for what others have written, instead of when it is next time to. */
  refresh(): Promise<void>
}

/** So often at the most, whatever the number of appends: one hint is as good as all those before it. */
const HINT_EVERY_MS = 5

/**
 * The store, which tells other nodes of what is appended here, and looks where others tell of more than is known here.
 * Without hints it finds that all the same, a little later.
 */
export function exchangeHints(store: SharedEventStore, bus: EventBus<unknown>): { readonly store: EventStore; stop(): void } {
  let told = 0
  let appended = 0
  let timer: NodeJS.Timeout | undefined

  function tell(): void {
    timer = undefined
    if (appended === told) return
    told = appended
    bus.publish({ logId: store.id, position: told } satisfies Hint)
    timer = setTimeout(tell, HINT_EVERY_MS)
  }

  function note(events: readonly RecordedEvent[]): void {
    appended = Math.max(appended, events.at(-1)?.position ?? 0)
    if (timer === undefined) tell()
  }

  let isLooking = false
  let wanted = 0
  async function look(): Promise<void> {
    isLooking = true
    try {
      // More may be told of while it looks.
      for (let before = -1; wanted > store.head() && store.head() > before;) {
        before = store.head()
        await store.refresh()
      }
    } catch {
      // Who can't look now does when it is next time to.
    } finally {
      isLooking = false
    }
  }

  const leave = bus.subscribe((message) => {
    if (!isHint(message) || message.logId !== store.id || message.position <= store.head()) return
    wanted = Math.max(wanted, message.position)
    if (!isLooking) void look()
  })

  async function append(asked: Append): Promise<readonly RecordedEvent[]> {
    const events = await store.append(asked)
    note(events)
    return events
  }

  return {
    store: withAppend(store, append),
    stop() {
      leave()
      clearTimeout(timer)
    },
  }
}

function isHint(message: unknown): message is Hint {
  return typeof message === 'object' && message !== null && 'logId' in message && 'position' in message && Number.isSafeInteger(message.position)
}

const withAppend = (store: SharedEventStore, append: EventStore['append']): SharedEventStore => ({
  id: store.id,
  append,
  head: () => store.head(),
  read: (after) => store.read(after),
  readStream: (stream, fromVersion) => store.readStream(stream, fromVersion),
  find: (filter, range) => store.find(filter, range),
  event: (id) => store.event(id),
  command: (key) => store.command(key),
  onCommit: (listener) => store.onCommit(listener),
  refresh: () => store.refresh(),
  close: () => store.close(),
})
