import type { EventStore } from './ports.ts'

/**
 * The store, whose appends resolve once the read model shows them: so that whoever wrote reads it here. Where it does
 * not show them in time, what was written is written all the same.
 */
export function shownAppends(store: EventStore, shown: (position: number) => Promise<void>): EventStore['append'] {
  return async (append) => {
    const events = await store.append(append)
    const last = events.at(-1)
    if (last) await shown(last.position).catch(() => undefined)
    return events
  }
}
