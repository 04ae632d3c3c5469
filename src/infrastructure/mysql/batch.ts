import { type Append, type Conflict, type NewEvent, type RecordedEvent, VersionMismatch } from '../../application/ports.ts'
import { EVENT_SCHEMAS } from '../../domain/events.ts'

/** The last event of a stream, as far as it is known. */
export interface StreamEnd { readonly version: number; readonly eventId?: string | undefined }

/** A stream as a batch finds it, by what its appends expect, and as it leaves it. */
export interface BatchStream { readonly stream: string; readonly expected: StreamEnd; end: StreamEnd & { readonly event?: number } }

/** An event with its place within the batch, from 1. */
export interface BatchEvent { readonly stream: string; readonly version: number; readonly event: NewEvent }

export interface Refused<Entry> { readonly entry: Entry; readonly conflict: Conflict }

/** One transaction. */
export interface Batch<Entry> {
  readonly streams: readonly BatchStream[]
  readonly events: readonly BatchEvent[]
  readonly taken: readonly { readonly entry: Entry; readonly first: number }[]
  /** What can't be done, whatever the database holds: others of the batch come before it, or it is known to be behind. */
  readonly refused: readonly Refused<Entry>[]
}

/**
 * Puts appends together as far as each fits those before it. `known` are the ends of streams that the database has
 * told: of all others an append's own word is taken, and checked there.
 */
export function batchOf<Entry extends { readonly append: Append }>(entries: readonly Entry[], known: ReadonlyMap<string, StreamEnd>): Batch<Entry> {
  const streams = new Map<string, BatchStream>()
  const events: BatchEvent[] = []
  const taken: { entry: Entry; first: number }[] = []
  const refused: Refused<Entry>[] = []
  for (const entry of entries) {
    const conflict = mismatchOf(entry.append, (stream) => streams.get(stream)?.end ?? known.get(stream))
    if (conflict) {
      refused.push({ entry, conflict })
      continue
    }
    taken.push({ entry, first: events.length })
    for (const { stream, expectedVersion: version, eventId } of entry.append.streams) {
      const expected = known.get(stream) ?? { version, eventId }
      if (!streams.has(stream)) streams.set(stream, { stream, expected, end: expected })
    }
    for (const { stream, event } of entry.append.events) {
      const held = streams.get(stream)
      if (!held) throw new Error(`The append has an event for ${stream}, and no expected version of it.`)
      const version = held.end.version + 1
      events.push({ stream, version, event })
      held.end = { version, eventId: event.id, event: events.length }
    }
  }
  return { streams: [...streams.values()], events, taken, refused }
}

/** The same version may be another event than the one that the append was decided on. */
function mismatchOf(append: Append, endOf: (stream: string) => StreamEnd | undefined): VersionMismatch | undefined {
  for (const { stream, expectedVersion, eventId } of append.streams) {
    const end = endOf(stream)
    if (!end) continue
    const isOther = eventId !== undefined && end.eventId !== undefined && eventId !== end.eventId
    if (end.version !== expectedVersion || isOther) return new VersionMismatch(stream, expectedVersion, end.version)
  }
  return undefined
}

/** The events as they stand in the log after `position`. */
export const recorded = (events: readonly BatchEvent[], position: number, recordedAt: number): RecordedEvent[] =>
  events.map(({ stream, version, event }, n) => ({ ...event, position: position + n + 1, stream, version, schema: EVENT_SCHEMAS[event.type], recordedAt }))
