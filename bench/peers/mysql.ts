/**
 * Durable reservations through three nodes on one MariaDB, beside three of the CRUD service on the same server:
 * `npx tsx bench/peers/mysql.ts [RUNS] [SECONDS] [WHO...]`, after `npm ci --prefix bench/peers` and a build. All share the machine's
 * cores with the client; CPU seconds are those of the three processes and the database.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/services/process.ts'
import { type MariaDb, startMariaDb } from '../../test/services/mariadb.ts'
import { requireGood } from '../client.ts'
import { run } from '../load.ts'
import { cpuOf, type ServerProcess, startProcess } from '../process.ts'
import { LOCATION, seed, skuAt } from '../seed.ts'
import { serveStore } from '../server.ts'
import { type Measured, medianOf } from '../stats.ts'
import { reserve, SKUS } from '../workloads.ts'

const [, , runsText = '3', secondsText = '4', ...asked] = process.argv
const [runs, seconds] = [Number(runsText), Number(secondsText)]
const NODES = 3
const CONNECTIONS_EACH = 43
const ALL_CORES = '0,1'

interface Shared extends Measured { /** Of the CPU time, the database's part. */ readonly share: number }
interface Service { readonly name: string; readonly path: string; body(sku: string): string; start(database: MariaDb): Promise<readonly ServerProcess[]> }
const WORKS = [
  { name: 'reservations, spread', wanted: 2, sku: (n: number) => skuAt((n * 7_919) % SKUS) },
  { name: 'reservations, one SKU', wanted: 5, sku: () => skuAt(0) },
] as const

const directory = mkdtempSync(join(tmpdir(), 'stockstream-bench-mysql-'))
const times = <Item>(make: (n: number) => Promise<Item>): Promise<Item[]> => Promise.all(Array.from({ length: NODES }, (_, n) => make(n)))

const crud: Service = {
  name: 'Fastify + MariaDB', path: '/reservations',
  body: (sku) => JSON.stringify({ sku, location: LOCATION, quantity: 1 }),
  async start(database) {
    const url = await database.database()
    const service = (...mode: string[]) => startProcess(['--import', 'tsx', 'bench/peers/crud-mysql.ts', url, ...mode], {}, ALL_CORES)
    return [await service('tables'), await service(), await service()]
  },
}

const stockstream = (name: string, reached: (port: number) => Record<string, string>): Service => ({
  name, path: '',
  body: (sku) => reserve({ sku, location: LOCATION }),
  async start(database) {
    const url = await database.database()
    const nodes = await times(async (n) => {
      const port = await freePort()
      return await serveStore(join(directory, `${name} ${n}`), { EVENT_STORE_URL: url, WEBHOOKS: 'off', PORT: String(port), ...reached(port) }, ALL_CORES)
    })
    if (nodes[0]) await seed(nodes[0].url, SKUS)
    return nodes
  },
})
const services = [
  crud,
  stockstream('Stockstream, nodes that try again', () => ({})),
  stockstream('Stockstream, an owner a stream', (port) => ({ NODE_URL: `http://127.0.0.1:${port}` })),
]

/** The same load on each of the processes at once. */
async function measured(database: MariaDb, servers: readonly ServerProcess[], { path, body }: Service, sku: (n: number) => string): Promise<Shared> {
  const own = (): number => servers.reduce((sum, server) => sum + server.cpu(), 0)
  const databases = (): number => cpuOf(database.child.pid ?? 0)
  const before = [own(), databases()] as const
  const results = await Promise.all(servers.map((server, k) => run({
    url: server.url + path, connections: CONNECTIONS_EACH, seconds, requestsMin: 0, body: (n) => body(sku(n * NODES + k)), check: requireGood,
  })))
  const requests = results.reduce((sum, each) => sum + each.requests, 0)
  const worst = (of: 'p50' | 'p99' | 'seconds'): number => Math.max(...results.map((each) => each[of]))
  const [ofServers, ofDatabase] = [own() - before[0], databases() - before[1]]
  return { share: ofDatabase / (ofServers + ofDatabase), perCpuSecond: requests / (ofServers + ofDatabase), perSecond: requests / worst('seconds'), p50: worst('p50'), p99: worst('p99') }
}

async function median(database: MariaDb, servers: readonly ServerProcess[], service: Service, sku: (n: number) => string): Promise<Shared> {
  const all: Shared[] = []
  // The first round warms up.
  for (let n = 0; n <= runs; n += 1) all.push(await measured(database, servers, service, sku))
  return medianOf(all.slice(1)) as Shared
}

const database = await startMariaDb(['--innodb-buffer-pool-size=512M'])
const found = new Map<string, Measured>()
try {
  process.stdout.write('| work | who | requests a second | of theirs | wanted | requests / CPU s | of theirs | of it the database | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|---|---|\n')
  for (const service of services.filter(({ name }) => asked.length === 0 || asked.some((part) => name.includes(part)))) {
    const servers = await service.start(database)
    for (const { name, wanted, sku } of WORKS) {
      const ours = await median(database, servers, service, sku)
      const theirs = found.get(name) ?? ours
      found.set(name, theirs)
      const times = (of: 'perSecond' | 'perCpuSecond'): string => (ours[of] / theirs[of]).toPrecision(3)
      const cells = [name, service.name, ours.perSecond.toFixed(0), times('perSecond'), service === crud ? '' : wanted, ours.perCpuSecond.toFixed(0), times('perCpuSecond'), `${(ours.share * 100).toFixed(0)} %`, ours.p50.toFixed(1), ours.p99.toFixed(1)]
      process.stdout.write(`| ${cells.join(' | ')} |\n`)
    }
    await Promise.all(servers.map((server) => server.stop()))
  }
} finally {
  await database.stop()
  rmSync(directory, { recursive: true })
}
