/** How fast nodes write one log in MySQL together. Nodes share this process; the server has a process of its own. */
import { v7 } from 'uuid'
import type { Append, NewEvent } from '../src/application/ports.ts'
import { systemClock } from '../src/infrastructure/clock.ts'
import { openMysqlEventStore, type SharedEventStore } from '../src/infrastructure/mysql/event-store.ts'
import { startMariaDb } from '../test/services/mariadb.ts'

const SECONDS = 5
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

const event = (): NewEvent =>
  ({ type: 'StockReserved', data: { reservationId: v7(), quantity: 1 }, id: v7(), occurredAt: Date.now(), metadata: { correlationId: v7() } })

const append = (stream: string, expectedVersion: number): Append =>
  ({ streams: [{ stream, expectedVersion }], events: [{ stream, event: event() }] })

/** One after the other on a stream of its own, until the time is over. How many, and how long each took, in milliseconds. */
async function write(store: SharedEventStore, stream: string, until: number): Promise<readonly number[]> {
  const took: number[] = []
  for (let version = 0; performance.now() < until; version += 1) {
    const startedAt = performance.now()
    await store.append(append(stream, version))
    took.push(performance.now() - startedAt)
  }
  return took
}

const server = await startMariaDb()
process.stdout.write('nodes  callers each  events/s  p50 ms  p99 ms\n')
for (const [nodes, callers] of [[1, 1], [1, 64], [1, 256], [3, 64]] as const) {
  const url = await server.database()
  const stores = await Promise.all(Array.from({ length: nodes }, () => openMysqlEventStore({ url, clock: systemClock, logger })))
  const until = performance.now() + SECONDS * 1_000
  const took = (await Promise.all(stores.flatMap((store, n) => Array.from({ length: callers }, (_, caller) => write(store, `stock:${n}-${caller}@l`, until))))).flat().sort((a, b) => a - b)
  const at = (share: number): string => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
  process.stdout.write(`${String(nodes).padStart(5)}  ${String(callers).padStart(12)}  ${String(Math.round(took.length / SECONDS)).padStart(8)}  ${at(0.5).padStart(6)}  ${at(0.99).padStart(6)}\n`)
  await Promise.all(stores.map((store) => store.close()))
}
await server.stop()
