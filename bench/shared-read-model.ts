/** What it costs to share the read model: two nodes in this process on one MariaDB, with a read model each, and with one for both. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Composition } from '../src/compose.ts'
import { systemClock } from '../src/infrastructure/clock.ts'
import { uuidV7 } from '../src/infrastructure/ids.ts'
import { rebuildMysqlReadModel } from '../src/infrastructure/mysql-read-model/rebuild.ts'
import { startMariaDb } from '../test/services/mariadb.ts'

const SKUS = 500
const ONE_BY_ONE = 400
const CALLERS = 64
const LOAD_MS = 8_000
const caller = { correlationId: 'bench' }
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

const sku = (n: number): string => `SKU-${String(n % SKUS).padStart(4, '0')}`
const add = (node: Composition, n: number) => node.inventory.commands.addStock({ sku: sku(n), location: 'LIS', quantity: 1, reason: 'DELIVERY' }, caller)

/** Milliseconds, as median and 99th of a hundred. */
async function timed(what: string, run: (n: number) => Promise<unknown>): Promise<void> {
  const took: number[] = []
  for (let n = 0; n < ONE_BY_ONE; n += 1) {
    const startedAt = performance.now()
    await run(n)
    took.push(performance.now() - startedAt)
  }
  took.sort((a, b) => a - b)
  print(what, `${at(took, 0.5)} ms`, `${at(took, 0.99)} ms`)
}

const at = (sorted: readonly number[], share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2)
const print = (...cells: readonly string[]): void => { process.stdout.write(`| ${cells.join(' | ')} |\n`) }

async function load(nodes: readonly Composition[]): Promise<number> {
  let done = 0
  const until = performance.now() + LOAD_MS
  await Promise.all(nodes.flatMap((node, index) => Array.from({ length: CALLERS }, async (_, one) => {
    // No stock level is asked for at two nodes: what is measured is the read side.
    for (let n = one; performance.now() < until; n += CALLERS) {
      await add(node, 2 * n + index)
      done += 1
    }
  })))
  return Math.round(done * 1_000 / LOAD_MS)
}

async function measure(isShared: boolean): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-shared-'))
  const url = await server.database()
  const open = (name: string) => compose({ directory: join(directory, name), eventStoreUrl: url, nodes: { readModelUrl: isShared ? url : 'file:' }, clock: systemClock, ids: uuidV7, logger, isUncached: true })
  const nodes = [await open('one'), await open('other')] as const
  const [one, other] = nodes
  await one.inventory.commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
  for (let n = 0; n < SKUS; n += 1) await one.inventory.commands.registerProduct({ sku: sku(n), name: `Product ${n}`, barcode: null, unit: 'EACH', attributes: {} }, caller)
  print(`**${isShared ? 'one read model in MySQL' : 'a read model each, in SQLite'}**`, '', '')
  await timed('a command, at the node that projects', (n) => add(one, n))
  await timed('a command, at the other node', (n) => add(other, n))
  await timed('a stock level', (n) => other.inventory.queries.stockLevels([{ sku: sku(n), location: 'LIS' }]))
  await timed('a page of 50 stock levels', () => other.inventory.queries.stockPage({ first: 50, orderBy: 'AVAILABLE', direction: 'ASC' }))
  print(`commands of ${2 * CALLERS} callers at two nodes`, `${await load(nodes)}/s`, '')
  if (isShared) {
    const startedAt = performance.now()
    await rebuildMysqlReadModel({ url, store: one.store, onProgress: () => undefined })
    print('a rebuild', `${Math.round(one.store.head() * 1_000 / (performance.now() - startedAt))} events/s`, `of ${one.store.head()}`)
  }
  for (const node of nodes) await node.close()
  await rm(directory, { recursive: true })
}

const server = await startMariaDb()
try {
  print('', 'median', 'p99')
  print('---', '--:', '--:')
  await measure(false)
  await measure(true)
} finally {
  await server.stop()
}
