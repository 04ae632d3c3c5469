/**
 * How cost grows with the log and with the number of stock levels, ten events each: the same figures at every size.
 * `npm run bench:growth -- [--runs N] [--seconds N] [--keep FOLDER] [--fill-only] [EVENTS...]`; what was filled into FOLDER is measured again.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { charts } from './chart.ts'
import { runCommand } from './command.ts'
import { fillLog, placeAt } from './fill.ts'
import { measured } from './http.ts'
import { machine } from './report.ts'
import { type BenchServer, serveStore } from './server.ts'
import { medianOf, type Measured } from './stats.ts'
import { addStock, page, pointQuery, reserve, type Workload } from './workloads.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' }, keep: { type: 'string' }, 'fill-only': { type: 'boolean', default: false } },
})
const sizes = positionals.length > 0 ? positionals.map(Number) : [10_000, 1_000_000, 10_000_000]
const howLong = { runs: Number(values.runs), seconds: Number(values.seconds) }
const EVENTS_A_LEVEL = 10
const BOOTS = 3

interface Grown {
  readonly events: number
  readonly levels: number
  readonly works: ReadonlyMap<string, Measured>
  readonly bootMs: number
  readonly memory: number
  /** Bytes an event: of the log alone, and with everything derived from it. */
  readonly logBytes: number
  readonly storeBytes: number
}

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'stockstream-growth-'))
try {
  const all: Grown[] = []
  for (const events of sizes) {
    const store = join(folder, String(events))
    const levels = Math.max(1_000, Math.floor(events / EVENTS_A_LEVEL))
    if (!existsSync(join(store, 'filled'))) await fill(store, events, levels)
    if (!values['fill-only']) all.push(await grown(store, events, levels))
  }
  if (all.length > 0) report(all)
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true })
}

async function fill(store: string, events: number, levels: number): Promise<void> {
  rmSync(store, { recursive: true, force: true })
  await fillLog(store, events, levels)
  await runCommand('rebuild', '--store', store)
  writeFileSync(join(store, 'filled'), '')
}

async function grown(store: string, events: number, levels: number): Promise<Grown> {
  // The first start makes what the command line did not need.
  await (await serveStore(store)).stop()
  const logBytes = bytesOf(join(store, 'log')) / events
  const storeBytes = bytesOf(store) / events
  const boots: number[] = []
  for (let n = 0; n < BOOTS; n++) {
    const from = performance.now()
    const server = await serveStore(store)
    boots.push(performance.now() - from)
    await server.stop()
  }
  const server = await serveStore(store)
  try {
    const works = await measuredWorks(server, levels)
    return { events, levels, works, bootMs: boots.sort((a, b) => a - b)[Math.floor(BOOTS / 2)] ?? NaN, memory: server.memory(), logBytes, storeBytes }
  } finally {
    await server.stop()
  }
}

async function measuredWorks(server: BenchServer, levels: number): Promise<ReadonlyMap<string, Measured>> {
  const spread = (n: number) => placeAt((n * 7_919) % levels, levels)
  const works: readonly Omit<Workload, 'atLeast' | 'warmUp'>[] = [
    { name: 'point query', connections: 32, body: (n) => pointQuery(spread(n)) },
    { name: 'page of 50', connections: 16, body: page },
    { name: 'reserveStock', connections: 128, body: (n) => reserve(spread(n)) },
    { name: 'addStock', connections: 128, body: (n) => addStock(spread(n)) },
  ]
  const found = new Map<string, Measured>()
  for (const work of works) {
    const rounds: Measured[] = []
    // The first round warms up.
    for (let n = 0; n <= howLong.runs; n++) rounds.push(await measured(server, { ...work, atLeast: 1, warmUp: 0 }, { n, seconds: howLong.seconds }))
    found.set(work.name, medianOf(rounds.slice(1)))
  }
  return found
}

function bytesOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

function report(all: readonly Grown[]): void {
  const names = [...all[0]?.works.keys() ?? []]
  const figure = (grown: Grown, name: string): number => grown.works.get(name)?.perCpuSecond ?? NaN
  const head = ['events', 'stock levels', ...names.map((name) => `${name} / CPU s`), 'boot ms', 'RSS MB', 'bytes an event, log', 'with everything derived']
  const rows = all.map((each) => [
    each.events, each.levels, ...names.map((name) => figure(each, name).toFixed(0)), each.bootMs.toFixed(0), each.memory.toFixed(0), each.logBytes.toFixed(0), each.storeBytes.toFixed(0),
  ])
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
  process.stdout.write(table)
  const series = (name: string, value: (grown: Grown) => number) => ({ name, points: all.map((each) => ({ x: each.events, y: value(each) })) })
  writeFileSync(new URL('growth.svg', import.meta.url), charts([
    { title: 'Work in a CPU second', unit: 'requests', series: names.map((name) => series(name, (each) => figure(each, name))) },
    { title: 'Boot', unit: 'ms', series: [series('to its first answer', ({ bootMs }) => bootMs)] },
    { title: 'Memory after the work', unit: 'MB', series: [series('RSS', ({ memory }) => memory)] },
    { title: 'Disk an event', unit: 'bytes', series: [series('log', ({ logBytes }) => logBytes), series('with everything derived', ({ storeBytes }) => storeBytes)] },
  ]))
  writeFileSync(new URL('GROWTH.md', import.meta.url), `# Growth

Printed by \`npm run bench:growth -- --runs ${howLong.runs} --seconds ${howLong.seconds} ${sizes.join(' ')}\`: ten events a stock level, at each size the same work. [README.md](README.md) says more.

${machine()}
${table}
![Work, boot, memory and disk over the number of events](growth.svg)
`)
}
