import { eventMatcher } from '../../application/event-filter.ts'
import type { Append, Clock, EventPage, EventRange, EventStore, RecordedEvent } from '../../application/ports.ts'
import { VersionMismatch } from '../../application/ports.ts'
import { EVENT_SCHEMAS } from '../../domain/events.ts'

type Listener = (events: readonly RecordedEvent[]) => void

const BATCH_EVENTS_MAX = 1_000

/** The reference adapter: everything in memory, as plain as the contract allows. */
export function createMemoryEventStore({ clock, id = 'memory' }: { readonly clock: Clock; readonly id?: string }): EventStore {
  const log: RecordedEvent[] = []
  const streams = new Map<string, RecordedEvent[]>()
  const byId = new Map<string, RecordedEvent>()
  const byKey = new Map<string, readonly RecordedEvent[]>()
  const listeners = new Set<Listener>()

  const versionOf = (stream: string): number => streams.get(stream)?.length ?? 0

  /** What stands in the log already where this append was taken before. */
  function earlier({ streams: expected, events }: Append): readonly RecordedEvent[] | undefined {
    const next = new Map(expected.map(({ stream, expectedVersion }) => [stream, expectedVersion]))
    const found: RecordedEvent[] = []
    for (const { stream, event } of events) {
      const version = (next.get(stream) ?? 0) + 1
      next.set(stream, version)
      const stored = streams.get(stream)?.[version - 1]
      if (stored?.id !== event.id) return undefined
      found.push(stored)
    }
    return found.length > 0 ? found : undefined
  }

  function requireVersions(append: Append): void {
    for (const { stream, expectedVersion } of append.streams) {
      const actual = versionOf(stream)
      if (actual !== expectedVersion) throw new VersionMismatch(stream, expectedVersion, actual)
    }
    const named = new Set(append.streams.map(({ stream }) => stream))
    for (const { stream } of append.events) {
      if (!named.has(stream)) throw new Error(`The append has an event for ${stream} without its expected version.`)
    }
  }

  function record({ events }: Append): readonly RecordedEvent[] {
    const recordedAt = Math.max(clock.now(), log.at(-1)?.recordedAt ?? 0)
    return events.map(({ stream, event }) => {
      const position = log.length + 1
      const recorded: RecordedEvent = { ...event, position, stream, version: versionOf(stream) + 1, schema: EVENT_SCHEMAS[event.type], recordedAt }
      log.push(recorded)
      streams.set(stream, [...(streams.get(stream) ?? []), recorded])
      byId.set(recorded.id, recorded)
      return recorded
    })
  }

  function take(append: Append): readonly RecordedEvent[] {
    const stored = earlier(append)
    if (stored) return stored
    requireVersions(append)
    const recorded = record(append)
    const key = recorded[0]?.metadata.idempotency?.key
    if (key !== undefined) byKey.set(key, recorded)
    if (recorded.length > 0) for (const listener of listeners) listener(recorded)
    return recorded
  }

  return {
    id,
    head: () => log.length,
    append: (append) => new Promise((resolve) => { resolve(take(append)) }),
    async *read(after) {
      const head = log.length
      for (let from = after; from < head; from += BATCH_EVENTS_MAX) {
        yield await Promise.resolve(log.slice(from, Math.min(head, from + BATCH_EVENTS_MAX)))
      }
    },
    readStream: (stream, fromVersion) => Promise.resolve((streams.get(stream) ?? []).slice(Math.max(0, fromVersion - 1))),
    find: (filter, range) => Promise.resolve(page(log.filter(eventMatcher(filter)), range)),
    event: (eventId) => Promise.resolve(byId.get(eventId)),
    command: (key) => Promise.resolve(byKey.get(key)),
    onCommit(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    close: () => Promise.resolve(),
  }
}

function page(events: readonly RecordedEvent[], range: EventRange): EventPage {
  const { after = 0, before = Infinity } = range
  const within = events.filter(({ position }) => position > after && position < before)
  if ('first' in range) return { events: within.slice(0, range.first), hasMore: within.length > range.first }
  return { events: within.slice(Math.max(0, within.length - range.last)), hasMore: within.length > range.last }
}
