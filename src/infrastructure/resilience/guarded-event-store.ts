import type { Breaker, EventStore } from '../../application/ports.ts'

/**
 * The event store behind breakers: one for appends alone, since a disk that takes nothing may still be read well, and
 * what succeeds must not outweigh what fails. Append is still called within the caller's own step: those that follow
 * it count on its place in the log.
 */
export function guardedEventStore(store: EventStore, reads: Breaker, appends: Breaker): EventStore {
  return {
    id: store.id,
    head: () => store.head(),
    append: (append) => appends.run(() => store.append(append)),
    read: (after) => store.read(after),
    readStream: (stream, fromVersion) => reads.run(() => store.readStream(stream, fromVersion)),
    find: (filter, range) => reads.run(() => store.find(filter, range)),
    event: (id) => reads.run(() => store.event(id)),
    command: (key) => reads.run(() => store.command(key)),
    onCommit: (listener) => store.onCommit(listener),
    ...(store.refresh && { refresh: () => reads.run(() => store.refresh?.() ?? Promise.resolve()) }),
    close: () => store.close(),
  }
}
