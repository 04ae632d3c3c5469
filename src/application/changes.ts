import { type Change, Follower, type FollowerPorts, type SlowSubscriber, type Source } from './changes/follower.ts'
import { eventMatcher } from './event-filter.ts'
import type { EventFilter, RecordedEvent } from './ports.ts'
import { stockLevels } from './projections/stock-levels.ts'
import { InvalidCursor, type ReadModel, type StockLevelKey } from './read-model.ts'
import type { StockLevelView } from './views.ts'
import { subjectOf } from '../domain/streams.ts'

export { SlowSubscriber, type Change } from './changes/follower.ts'

/** One change of one stock level. */
export interface StockChange extends Change {
  readonly event: RecordedEvent
  /** Undefined where the event is the stock level's first. */
  readonly before: StockLevelView | undefined
  readonly after: StockLevelView
}

/** What is left out is not asked for: all of it is wanted. Nothing is wanted of an empty list. */
export type StockChangeFilter = Pick<EventFilter, 'skus' | 'locations'>

/** Told at once that a subscriber is ended, also while it does not ask. */
export type OnSlow = (error: SlowSubscriber) => void

/**
 * What happens, in log order, without a gap and nothing twice: all after the position `after` first, then live;
 * without it, from now on. InvalidCursor where the log does not reach to the position. Whoever asks for one ends it with
 * `return`. One that takes nothing while many changes go by is ended with SlowSubscriber.
 */
export interface Changes {
  stock(filter: StockChangeFilter, after?: number, onSlow?: OnSlow): AsyncIterableIterator<StockChange>
  events(filter: EventFilter, after?: number, onSlow?: OnSlow): AsyncIterableIterator<RecordedEvent>
  subscribers(): number
}

export interface ChangesPorts extends Omit<FollowerPorts, 'waitingMax'> {
  readonly readModel: Pick<ReadModel, 'stockLevelsAfter'>
  readonly waitingMax?: number
}

const WAITING_CHANGES_MAX = 10_000

export function createChanges({ readModel, waitingMax = WAITING_CHANGES_MAX, ...ports }: ChangesPorts): Changes {
  const followers = new Set<object>()

  function follow<Found extends Change>(source: Source<Found>, after: number | undefined, onSlow: OnSlow | undefined) {
    const head = ports.store.head()
    if (after !== undefined && after > head) throw new InvalidCursor(`The log ends at ${head}, before this cursor: take one from an answer of this server.`)
    const follower = new Follower(source, { ...ports, waitingMax }, after ?? ports.tables.checkpoint(), {
      onSlow,
      onEnd: () => { followers.delete(follower) },
    })
    followers.add(follower)
    return follower
  }

  return {
    stock: (filter, after, onSlow) => follow(stockSource(filter, readModel), after, onSlow),
    events: (filter, after, onSlow) => follow(eventSource(filter), after, onSlow),
    subscribers: () => followers.size,
  }
}

function eventSource(filter: EventFilter): Source<RecordedEvent> {
  const isWanted = eventMatcher(filter)
  return {
    filter,
    recorded: (events) => Promise.resolve(events),
    projected: ({ events }) => events.filter(isWanted),
  }
}

function stockSource(filter: StockChangeFilter, readModel: ChangesPorts['readModel']): Source<StockChange> {
  const isWanted = eventMatcher(filter)
  return {
    filter,
    recorded: (events) => recordedStock(events.filter((event) => stockLevels.keyOf(event) !== undefined), readModel),
    projected: ({ changes }) => changes
      .filter(({ projection, event }) => projection === stockLevels.name && isWanted(event))
      .map(({ event, before, after }) => stockChange(event, before as StockLevelView | undefined, after as StockLevelView)),
  }
}

const stockChange = (event: RecordedEvent, before: StockLevelView | undefined, after: StockLevelView): StockChange =>
  ({ position: event.position, event, before, after })

/** Every version of a stock level is kept, so what an event did to it needs no folding. */
async function recordedStock(events: readonly RecordedEvent[], readModel: ChangesPorts['readModel']): Promise<readonly StockChange[]> {
  const versions = events.flatMap(({ stream, version }) => {
    const key = subjectOf(stream) as StockLevelKey
    return [{ ...key, version: version - 1 }, { ...key, version }]
  })
  const { value: levels } = await readModel.stockLevelsAfter(versions)
  return events.map((event, index) => {
    const after = levels[2 * index + 1]
    if (!after) throw new Error(`The read model does not know ${event.stream} at version ${event.version}.`)
    return stockChange(event, levels[2 * index], after)
  })
}
