import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { recordedIn } from './log-files.ts'
import { type Server, startServer } from './processes.ts'
import type { Table } from './table.ts'

const SKUS = 1_000
const WINDOW_MS = 60_000
const BEFORE_MS = 15_000
const PLACED_AT_ONCE = 500
/** How long placing takes is learnt from so many, which are over at once. */
const MEASURED_FIRST = 1_000
/** For the server to start. */
const STARTING_MS = 10_000
/** A steady load beside it: so many clients, each of which rests after each answer. */
const CLIENTS = 8
const REST_MS = 10
const TIMES_SLOWER_MAX = 5

const skuOf = (n: number): string => `SKU-${n % SKUS}`

/** So many open reservations that are over within the same minute, and what clients feel of it. */
export async function checkExpiry(count: number, table: Table): Promise<void> {
  const store = mkdtempSync(join(tmpdir(), 'stockstream-expiry-'))
  try {
    const begins = await place(store, count)
    const server = await startServer(store)
    try {
      await measure(server, begins, table)
    } finally {
      await server.stop()
    }
    tellLag(store, begins, count, table)
  } finally {
    rmSync(store, { recursive: true })
  }
}

/** Returns when the first of them is over: late enough that by then all are placed and the server is measured. */
async function place(store: string, count: number): Promise<number> {
  const { inventory: { commands }, close } = await compose({ directory: store, clock: systemClock, ids: uuidV7, logger: { info: () => undefined, warn: () => undefined, error: () => undefined } })
  const caller = { correlationId: 'acceptance' }
  await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
  for (let n = 0; n < SKUS; n++) await commands.registerProduct({ sku: skuOf(n), name: skuOf(n), barcode: null, unit: 'EACH', attributes: {} }, caller)
  await commands.applyMovements({ movements: Array.from({ length: SKUS }, (_, n) => ({ sku: skuOf(n), location: 'LIS', delta: count })), errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
  const reserve = async (from: number, to: number, seconds: (n: number) => number): Promise<void> => {
    for (let wave = from; wave < to; wave += PLACED_AT_ONCE) {
      await Promise.all(Array.from({ length: Math.min(PLACED_AT_ONCE, to - wave) }, (_, n) => commands.reserveStock({
        lines: [{ sku: skuOf(wave + n), location: 'LIS', quantity: 1 }], strategy: 'PRIORITY', dryRun: false, expiresInSeconds: seconds(wave + n),
      }, caller)))
    }
  }
  const started = Date.now()
  await reserve(0, MEASURED_FIRST, () => 1)
  const begins = Date.now() + 2 * (Date.now() - started) * (count / MEASURED_FIRST) + BEFORE_MS + STARTING_MS
  await reserve(0, count, (n) => Math.ceil((begins - Date.now() + (n / count) * WINDOW_MS) / 1_000))
  await close()
  return begins
}

/** The latencies of a steady load for as long as the condition holds, in milliseconds. */
async function latencies(server: Server, isOn: () => boolean): Promise<readonly number[]> {
  const found: number[] = []
  const client = async (name: number): Promise<void> => {
    for (let n = name; isOn(); n += CLIENTS) {
      const from = performance.now()
      if (n % 2 === 0) await server.ask('query ($sku: String!) { stockLevel(sku: $sku, location: "LIS") { version quantities { reserved } } }', { sku: skuOf(n) })
      else await server.ask('mutation ($input: AddStockInput!) { addStock(input: $input) { userErrors { code } } }', { input: { sku: skuOf(n), location: 'LIS', quantity: 1 } })
      found.push(performance.now() - from)
      await wait(REST_MS)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)))
  return found
}

const quantile = (values: readonly number[], part: number): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN

async function openCount(server: Server): Promise<number> {
  const { reservations } = await server.ask<{ reservations: { totalCount: number } }>('{ reservations(filter: { statuses: [OPEN] }, first: 1) { totalCount } }')
  return reservations.totalCount
}

async function measure(server: Server, begins: number, table: Table): Promise<void> {
  const open = await openCount(server)
  const endOfBefore = Math.min(begins - 1_000, Date.now() + BEFORE_MS)
  await latencies(server, () => Date.now() < endOfBefore - BEFORE_MS / 2)
  const before = await latencies(server, () => Date.now() < endOfBefore)
  while (Date.now() < begins) await wait(100)
  let isOver = false
  const [during] = await Promise.all([latencies(server, () => !isOver), untilOver(server, begins).finally(() => { isOver = true })])
  const [p99Before, p99During] = [quantile(before, 0.99), quantile(during, 0.99)]
  table.row('open reservations', open)
  table.row('p50 before and while they end, ms', `${quantile(before, 0.5).toFixed(1)}, ${quantile(during, 0.5).toFixed(1)}`)
  table.row('p99 before and while they end, ms', `${p99Before.toFixed(1)}, ${p99During.toFixed(1)}`, `under ${TIMES_SLOWER_MAX} times`, p99During < TIMES_SLOWER_MAX * p99Before)
  table.row('answers before and while they end', `${before.length}, ${during.length}`)
  const left = await openCount(server)
  table.row('open reservations at the end', left, '0', left === 0)
}

async function untilOver(server: Server, begins: number): Promise<void> {
  while (await openCount(server) > 0) {
    if (Date.now() > begins + 10 * WINDOW_MS) return
    await wait(1_000)
  }
}

/** How long after its time each end was recorded, from the log itself. */
function tellLag(store: string, begins: number, count: number, table: Table): void {
  const due = new Map<string, number>()
  const ends = recordedIn(store).flatMap(({ stream, type, recordedAt, data }) => {
    if (type === 'ReservationPlaced') due.set(stream, Number(data.expiresAt))
    return type === 'ReservationExpired' ? [{ at: Date.parse(recordedAt), due: due.get(stream)! }] : []
  })
  // Those that were over at once ended while the server was away or stood under the load of placing.
  const lags = ends.filter((end) => end.due >= begins).map((end) => end.at - end.due)
  table.row('ends that were recorded', ends.length, `${count} and the ${MEASURED_FIRST} that were over at once`, ends.length === count + MEASURED_FIRST)
  table.row('recorded after its time, p50, p99 and latest, ms', [0.5, 0.99, 1 - 1 / lags.length].map((part) => quantile(lags, part)).join(', '))
}
