/** What goes beyond what this node shows waits until it shows it, where others bring the read model up to date. */
import type { EventStore } from './ports.ts'
import type { ReadModel } from './read-model.ts'

type Shown = (position: number) => Promise<void>
type Ask = (...input: never) => Promise<{ readonly position: number }>

/**
 * Appends resolve once the read model shows them: so that whoever wrote reads it here. Where it does not show them in
 * time, what was written is written all the same.
 */
export function shownAppends(store: EventStore, shown: Shown): EventStore['append'] {
  return async (append) => {
    const events = await store.append(append)
    const last = events.at(-1)
    if (last) await shown(last.position).catch(() => undefined)
    return events
  }
}

/** The tables may be ahead of what this node has told of: an answer that shows more would be followed by older ones. */
export function shownAnswers(readModel: ReadModel, shown: Shown): ReadModel {
  const waiting = (ask: Ask): Ask => async (...input) => {
    const answer = await ask(...input)
    await shown(answer.position)
    return answer
  }
  return Object.fromEntries(Object.entries(readModel).map(([name, ask]) => [name, waiting(ask as Ask)])) as unknown as ReadModel
}
