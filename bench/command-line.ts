import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandRun, runCommand } from './command.ts'
import { plainHttp } from './http.ts'
import { type HowLong, ratioRow, type Row } from './report.ts'
import { LOCATION, skuAt } from './seed.ts'
import { type Measured, medianOf } from './stats.ts'

export const COMMAND_LINE = ['import from the CLI', 'projection rebuild'] as const

const ROWS = 200_000
const IMPORTED_SKUS = 1_000
const ANSWER_BYTES = 300

/** A file of movements brought into an empty store, and the read model made anew from what it left. */
export async function* measureCommandLine({ runs, seconds }: HowLong): AsyncGenerator<Row, void> {
  const directory = mkdtempSync(join(tmpdir(), 'stockstream-bench-'))
  try {
    const file = join(directory, 'movements.csv')
    writeFileSync(file, movements())
    const rounds: Record<'imported' | 'rebuilt' | 'http' | 'parsed', Measured>[] = []
    for (let n = 0; n < runs; n++) {
      const store = join(directory, `store-${n}`)
      const imported = await runCommand('import', file, '--create-missing', '--json', '--store', store)
      const lines = eventsOf(store)
      const rebuilt = await runCommand('rebuild', '--store', store)
      rounds.push({ imported: rateOf(ROWS, imported), rebuilt: rateOf(lines.length, rebuilt), http: await plainHttp(ANSWER_BYTES, seconds), parsed: parsed(lines) })
      rmSync(store, { recursive: true })
    }
    const median = (of: keyof typeof rounds[number]): Measured => medianOf(rounds.map((round) => round[of]))
    yield ratioRow({
      work: COMMAND_LINE[0], unit: 'rows', measured: median('imported'), baseline: median('http').perCpuSecond, against: 'of node:http', atLeast: 40_000 / 39_000,
    })
    yield ratioRow({
      work: COMMAND_LINE[1], unit: 'events', measured: median('rebuilt'), baseline: median('parsed').perCpuSecond, against: 'of JSON.parse', atLeast: 100_000 / 730_000,
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const rateOf = (units: number, { cpuSeconds, seconds }: CommandRun): Measured =>
  ({ perCpuSecond: units / cpuSeconds, perSecond: units / seconds, p50: NaN, p99: NaN })

function movements(): string {
  const start = Date.UTC(2025, 0, 1)
  const rows = Array.from({ length: ROWS }, (_, n) => `${skuAt(n % IMPORTED_SKUS)},${LOCATION},${1 + (n % 9)},${new Date(start + n * 1_000).toISOString()}\n`)
  return `sku,location,delta,occurredAt\n${rows.join('')}`
}

/** The lines of the log that hold events. */
function eventsOf(store: string): readonly string[] {
  const log = join(store, 'log')
  return readdirSync(log).sort().flatMap((segment) => readFileSync(join(log, segment), 'utf8').split('\n').filter((line) => line.startsWith('{"position":')))
}

/** What must be done at least: read what an event says. */
function parsed(lines: readonly string[]): Measured {
  const [from, cpu] = [performance.now(), process.cpuUsage()]
  for (const line of lines) JSON.parse(line)
  const { user, system } = process.cpuUsage(cpu)
  return rateOf(lines.length, { cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - from) / 1_000, output: '' })
}
