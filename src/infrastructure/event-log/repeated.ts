import type { Append, RecordedEvent, Conflict } from '../../application/ports.ts'

/** The events with the append's ids, where they stand at its streams and versions; throws the conflict where they don't. */
export function requireSame(append: Append, events: readonly RecordedEvent[], conflict: Conflict): readonly RecordedEvent[] {
  const versions = new Map(append.streams.map(({ stream, expectedVersion }) => [stream, expectedVersion]))
  for (const [n, { stream }] of append.events.entries()) {
    const version = (versions.get(stream) ?? 0) + 1
    if (events[n]?.stream !== stream || events[n].version !== version) throw conflict
    versions.set(stream, version)
  }
  return events
}
