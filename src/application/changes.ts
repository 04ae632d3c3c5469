import { type Change, Follower, type FollowerPorts, type Following, type SlowSubscriber, type Source } from './changes/follower.ts'
import { type ReservationChange, type ReservationChangeFilter, reservationSource } from './changes/reservation-changes.ts'
import { createSharedSources } from './changes/shared-sources.ts'
import { lowStockSource, type StockChange, type StockChangeFilter, stockSource } from './changes/stock-changes.ts'
import { eventMatcher } from './event-filter.ts'
import type { EventFilter, EventStore, RecordedEvent } from './ports.ts'
import { InvalidCursor, type ReadModel } from './read-model.ts'

export { SlowSubscriber, type Change, type Following } from './changes/follower.ts'
export type { ReservationChange, ReservationChangeFilter } from './changes/reservation-changes.ts'
export type { StockChange, StockChangeFilter } from './changes/stock-changes.ts'

/** Told at once that a subscriber is ended, also while it does not ask. */
export type OnSlow = (error: SlowSubscriber) => void

/**
 * What happens, in log order, without a gap and nothing twice: all after the position `after` first, then live;
 * without it, from now on. InvalidCursor where the log does not reach to the position. Whoever asks for one ends it with
 * `return`. One that takes nothing while many changes go by is ended with SlowSubscriber.
 */
export interface Changes {
  stock(filter: StockChangeFilter, after?: number, onSlow?: OnSlow): Following<StockChange>
  /** Those at which a stock level becomes low, and those at which it is it no longer. */
  lowStock(filter: Pick<StockChangeFilter, 'locations'>, after?: number, onSlow?: OnSlow): Following<StockChange>
  reservations(filter: ReservationChangeFilter, after?: number, onSlow?: OnSlow): Following<ReservationChange>
  events(filter: EventFilter, after?: number, onSlow?: OnSlow): Following<RecordedEvent>
  subscribers(): number
}

export interface ChangesPorts extends Omit<FollowerPorts, 'waitingMax'> {
  readonly store: FollowerPorts['store'] & Pick<EventStore, 'readStream'>
  readonly readModel: Pick<ReadModel, 'stockLevelsAfter' | 'reservations'>
  readonly waitingMax?: number
}

interface Beginning { readonly after: number | undefined; readonly onSlow: OnSlow | undefined }

const WAITING_CHANGES_MAX = 10_000

export function createChanges({ readModel, waitingMax = WAITING_CHANGES_MAX, ...ports }: ChangesPorts): Changes {
  const followers = new Set<object>()
  const sources = createSharedSources()

  function follow<Found extends Change>(kind: string, filter: object, make: () => Source<Found>, { after, onSlow }: Beginning) {
    const head = ports.store.head()
    if (after !== undefined && after > head) throw new InvalidCursor(`The log ends at ${head}, before this cursor: take one from an answer of this server.`)
    const { source, letGo } = sources.take(kind, filter, make)
    const follower = new Follower(source, { ...ports, waitingMax }, after ?? ports.tables.checkpoint(), {
      onSlow,
      onEnd: () => {
        followers.delete(follower)
        letGo()
      },
    })
    followers.add(follower)
    return follower
  }

  return {
    stock: (filter, after, onSlow) => follow('stock', filter, () => stockSource(filter, readModel), { after, onSlow }),
    lowStock: (filter, after, onSlow) => follow('lowStock', filter, () => lowStockSource(filter, readModel), { after, onSlow }),
    reservations: (filter, after, onSlow) => follow('reservations', filter, () => reservationSource(filter, { store: ports.store, readModel }), { after, onSlow }),
    events: (filter, after, onSlow) => follow('events', filter, () => eventSource(filter), { after, onSlow }),
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
