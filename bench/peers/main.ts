/**
 * The same work by others, beside Stockstream: same load, same core, same measure, which counts the CPU time of all server
 * processes, the database's among them. `npm ci --prefix bench/peers && npx tsx bench/peers/main.ts [RUNS] [SECONDS]`, after a build.
 */
import { writeFileSync } from 'node:fs'
import { measured } from '../http.ts'
import { type ServerProcess, startProcess } from '../process.ts'
import { machine } from '../report.ts'
import { LOCATION, seed, skuAt } from '../seed.ts'
import { startServer } from '../server.ts'
import { type Measured, medianOf } from '../stats.ts'
import { SKUS, workloads, type Workload } from '../workloads.ts'
import { startPostgres } from './postgres.ts'

const [runs = 3, seconds = 3] = process.argv.slice(2).map(Number)
const WORKS = ['point query', 'reserveStock, spread', 'reserveStock, one SKU'] as const
type Work = typeof WORKS[number]

interface Peer { readonly name: string; start(): Promise<Started> }
interface Started { readonly server: ServerProcess; readonly works: Partial<Record<Work, Workload>>; stop(): Promise<void> }

const spread = (n: number): string => skuAt((n * 7_919) % SKUS)
const line = (sku: string): string => JSON.stringify({ sku, location: LOCATION, quantity: 1 })
const ofName = (name: Work): Workload => {
  const found = workloads.find((each) => each.name === name)
  if (!found) throw new Error(`There is no workload ${name}.`)
  return found
}

/** What our server is asked over GraphQL is asked of a peer as a plain request. */
const asked = (name: Work, path: string, body: (n: number) => string): Workload => ({ ...ofName(name), path, body })
const RESERVATIONS = {
  'reserveStock, spread': asked('reserveStock, spread', '/reservations', (n) => line(spread(n))),
  'reserveStock, one SKU': asked('reserveStock, one SKU', '/reservations', () => line(skuAt(0))),
}

async function onPostgres(file: string, works: Started['works']): Promise<Started> {
  const cluster = await startPostgres()
  const server = await startProcess(['--import', 'tsx', `bench/peers/${file}`, cluster.url], {})
  return { server: { ...server, cpu: () => server.cpu() + cluster.cpu() }, works, async stop() { await server.stop(); await cluster.stop() } }
}

const peers: readonly Peer[] = [
  {
    name: 'Stockstream',
    async start() {
      const server = await startServer()
      await seed(server.url, SKUS)
      return { server, works: Object.fromEntries(WORKS.map((name) => [name, ofName(name)])), stop: () => server.stop() }
    },
  },
  {
    name: 'Fastify + PostgreSQL',
    start: () => onPostgres('crud.ts', {
      'point query': asked('point query', '/stock', (n) => JSON.stringify({ sku: spread(n), location: LOCATION })), ...RESERVATIONS,
    }),
  },
  { name: 'Emmett + PostgreSQL', start: () => onPostgres('emmett.ts', RESERVATIONS) },
]

const HEAD = `| work | who | requests / CPU s | of Stockstream's | a second of wall time | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|\n`
const ours = new Map<Work, Measured>()
let table = ''
for (const peer of peers) {
  const { server, works, stop } = await peer.start()
  try {
    for (const name of WORKS) {
      const workload = works[name]
      if (workload) table += row(name, peer.name, await median(server, workload))
    }
  } finally {
    await stop()
  }
}
table = HEAD + table
process.stdout.write(table)
writeFileSync(new URL('RESULTS.md', import.meta.url), `# Others

Printed by \`npx tsx bench/peers/main.ts ${runs} ${seconds}\`; [README.md](README.md) says who they are.

${machine()}
${table}`)

async function median(server: ServerProcess, workload: Workload): Promise<Measured> {
  const all: Measured[] = []
  // The first round warms up.
  for (let n = 0; n <= runs; n++) {
    const one = await measured(server, workload, { n, seconds, requestsMin: n === 0 ? workload.warmUp : 0 })
    if (n > 0) all.push(one)
  }
  return medianOf(all)
}

function row(work: Work, who: string, { perCpuSecond, perSecond, p50, p99 }: Measured): string {
  if (who === 'Stockstream') ours.set(work, { perCpuSecond, perSecond, p50, p99 })
  const ratio = perCpuSecond / (ours.get(work)?.perCpuSecond ?? NaN)
  const text = `| ${[work, who, perCpuSecond.toFixed(0), ratio.toPrecision(3), perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)].join(' | ')} |\n`
  process.stderr.write(text)
  return text
}
