import { v7 } from 'uuid'
import type { Append, Logger, NewEvent } from '../../../src/application/ports.ts'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { openMysqlEventStore, type SharedEventStore } from '../../../src/infrastructure/mysql/event-store.ts'

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A node's look at the log. */
export const openNode = (url: string): Promise<SharedEventStore> => openMysqlEventStore({ url, clock: systemClock, logger: silent })

export const added = (metadata: Partial<NewEvent['metadata']> = {}): NewEvent =>
  ({ type: 'StockAdded', data: { quantity: 1, reason: 'X' }, id: v7(), occurredAt: 1_000, metadata: { correlationId: 'c', ...metadata } })

export const to = (stream: string, expectedVersion: number, ...events: NewEvent[]): Append =>
  ({ streams: [{ stream, expectedVersion }], events: events.map((event) => ({ stream, event })) })

/** How it ended: its last version, or the name of its error. */
export const outcome = (appended: ReturnType<SharedEventStore['append']>): Promise<string> =>
  appended.then((events) => `version ${events.at(-1)?.version ?? 0}`, (error: unknown) => (error instanceof Error ? error.name : String(error)))

export async function allEvents(store: SharedEventStore) {
  await store.refresh()
  const all = []
  for await (const events of store.read(0)) all.push(...events)
  return all
}
