import type { Breaker, EventStore } from '../../application/ports.ts'

/**
 * The event store behind a breaker. Append is still called within the caller's own step: those that follow it
 * count on its place in the log.
 */
export function guardedEventStore(store: EventStore, breaker: Breaker): EventStore {
  return {
    id: store.id,
    head: () => store.head(),
    append: (append) => breaker.run(() => store.append(append)),
    read: (after) => store.read(after),
    readStream: (stream, fromVersion) => breaker.run(() => store.readStream(stream, fromVersion)),
    find: (filter, range) => breaker.run(() => store.find(filter, range)),
    event: (id) => breaker.run(() => store.event(id)),
    command: (key) => breaker.run(() => store.command(key)),
    onCommit: (listener) => store.onCommit(listener),
    close: () => store.close(),
  }
}
