import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportReport } from '../../src/cli/import/report.ts'
import { Follower } from './follower.ts'
import { recordedIn } from './log-files.ts'
import { type Server, startServer, stockstream } from './processes.ts'
import { differencesOf, keyOf, monthEnds, type Sale, salesOf, type Sums, sumsOf } from './sums.ts'
import type { Table } from './table.ts'

const MEANING = ['--preset', 'online-retail', '--create-missing', '--allow-negative', '--json']
const ROWS_PER_SECOND = 20_000
const PEAK_MB = 300
const READY_MS = 1_000
/** A subscriber is cut off more often than that. */
const CUTS = 50

/** Real sales into a fresh store: what stands in it afterwards, and what that took. */
export async function checkImport(folder: string, table: Table): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'stockstream-acceptance-'))
  try {
    const files = copies(folder, work)
    const store = join(work, 'store')
    const sales = salesOf(files)
    await importOnce(files, store, sales, table)
    const rejected = salesOf(files.map((file) => `${file}.rejected.csv`).filter((file) => existsSync(file)))
    await checkAgain(files, store, sales, table)
    await checkAnswers(store, sales, rejected, table)
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** The same through a running server, and what a subscriber sees of it that is cut off again and again. */
export async function checkFollowing(folder: string, table: Table): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'stockstream-acceptance-'))
  try {
    const files = copies(folder, work)
    await follow(files, join(work, 'store'), salesOf(files).length, table)
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** Beside a file goes what is rejected of it. */
function copies(folder: string, to: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv.gz')).sort()
  if (names.length === 0) throw new Error(`There is no .csv.gz in ${folder}.`)
  return names.map((name) => {
    copyFileSync(join(folder, name), join(to, name))
    return join(to, name)
  })
}

async function importOnce(files: readonly string[], store: string, sales: readonly Sale[], table: Table): Promise<void> {
  const run = await stockstream('import', ...files, '--store', store, ...MEANING)
  const { rows, applied, rejected, causes, seconds } = JSON.parse(run.stdout) as ImportReport
  table.row('rows read', rows, `${sales.length}, as in the files`, run.code === 0 && rows === sales.length)
  table.row('applied and rejected', `${applied} + ${rejected}`, 'all rows', applied + rejected === rows)
  table.row('rejected by cause', Object.entries(causes).map(([cause, count]) => `${cause}: ${count}`).join(', '))
  const wanted = `at least ${ROWS_PER_SECOND}`
  table.row('rows a second, as it says', Math.round(rows / seconds), wanted, rows / seconds >= ROWS_PER_SECOND)
  table.row('rows a second, and a CPU second, from start to end of the process', `${Math.round(rows / run.seconds)}, ${Math.round(rows / run.cpuSeconds)}`)
  table.row('most memory of the import, MB', run.peakMB.toFixed(0), `under ${PEAK_MB}`, run.peakMB < PEAK_MB)
}

const headOf = async (store: string): Promise<string> => /Head (\w+)/.exec((await stockstream('verify', '--store', store)).stdout)?.[1] ?? 'none'

async function checkAgain(files: readonly string[], store: string, sales: readonly Sale[], table: Table): Promise<void> {
  const verified = await stockstream('verify', '--store', store)
  const head = await headOf(store)
  table.row('verify', verified.stdout.trim().split('\n').at(-1)!, 'the read model is what the log says', verified.code === 0)
  table.row('head of the log', head.slice(0, 16), 'a hash', /^[0-9a-f]{64}$/.test(head))
  const again = JSON.parse((await stockstream('import', ...files, '--store', store, ...MEANING)).stdout) as ImportReport
  table.row('rows repeated by a second import', again.repeated, String(sales.length), again.repeated === sales.length)
  table.row('head after it', (await headOf(store)).slice(0, 16), 'the same', await headOf(store) === head)
}

async function checkAnswers(store: string, sales: readonly Sale[], rejected: readonly Sale[], table: Table): Promise<void> {
  const wanted = sumsOf(sales, rejected)
  for (const start of ['first', 'second']) {
    const server = await startServer(store)
    try {
      table.row(`ready after the ${start} start, ms`, server.readyAfterMs.toFixed(0), `under ${READY_MS}`, server.readyAfterMs < READY_MS)
      table.row('CPU until then, ms', server.readyAfterCpuMs.toFixed(0))
      compared(`stock levels that are not the sum of the files, ${start} start`, (await levelsOf(server)).sums, wanted, table)
      if (start === 'first') for (const end of monthEnds(sales)) await checkMonth(server, end, sumsOf(sales, rejected, end), table)
    } finally {
      await server.stop()
    }
  }
}

async function checkMonth(server: Server, end: number, wanted: Sums, table: Table): Promise<void> {
  const asOf = new Date(end).toISOString()
  const { sums, pageMs } = await levelsOf(server, asOf)
  compared(`stock levels at ${asOf} that are not the sum of the files`, sums, wanted, table)
  table.row(`a page of 200 at ${asOf}, median ms`, pageMs.toFixed(0))
}

function compared(what: string, found: Sums, wanted: Sums, table: Table): void {
  const differences = differencesOf(found, wanted)
  table.row(what, `${differences.length} of ${wanted.size}`, '0', differences.length === 0)
  for (const difference of differences.slice(0, 5)) process.stderr.write(`  ${difference}\n`)
}

interface Levels { readonly stockLevels: { readonly nodes: readonly Node[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } } }
interface Node { readonly product: { readonly sku: string }; readonly location: { readonly code: string }; readonly quantities: { readonly onHand: number } }

/** Every stock level by the API, page by page. */
async function levelsOf(server: Server, asOf?: string): Promise<{ readonly sums: Sums; readonly pageMs: number }> {
  const query = `query ($after: String, $asOf: DateTime) { stockLevels(first: 200, after: $after, asOf: $asOf) {
    nodes { product { sku } location { code } quantities { onHand } } pageInfo { hasNextPage endCursor } } }`
  const sums = new Map<string, number>()
  const times: number[] = []
  for (let after: string | undefined, hasNext = true; hasNext;) {
    const from = performance.now()
    const { stockLevels: { nodes, pageInfo } } = await server.ask<Levels>(query, { after, asOf })
    times.push(performance.now() - from)
    for (const { product, location, quantities } of nodes) sums.set(keyOf(product.sku, location.code), quantities.onHand)
    hasNext = pageInfo.hasNextPage
    after = pageInfo.endCursor
  }
  return { sums, pageMs: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0 }
}

async function follow(files: readonly string[], store: string, rows: number, table: Table): Promise<void> {
  const server = await startServer(store)
  const follower = new Follower(server.url, Math.ceil(rows / CUTS))
  try {
    let isImported = false
    const importing = stockstream('import', ...files, '--url', server.url, ...MEANING).then((run) => { isImported = true; return run })
    const length = async (): Promise<number> => {
      const { events } = await server.ask<{ events: { nodes: readonly { cursor: string }[] } }>('{ events(last: 1) { nodes { cursor } } }')
      return Number(/:(\d+)$/.exec(Buffer.from(events.nodes[0]?.cursor ?? '', 'base64url').toString())?.[1] ?? 0)
    }
    await follower.follow(async () => isImported && follower.seen.length >= await length())
    const run = await importing
    table.row('import through a server', `code ${run.code ?? ''}, ${run.seconds.toFixed(0)} s`, 'code 0', run.code === 0)
    table.row('most memory of that server, MB', server.peakMB().toFixed(0))
  } finally {
    await server.stop()
  }
  const recorded = recordedIn(store)
  const wrong = recorded.findIndex(({ stream, version }, index) => follower.seen[index]?.stream !== stream || follower.seen[index].version !== version)
  table.row('cuts of the subscriber', follower.cuts, `more than ${CUTS}`, follower.cuts > CUTS)
  table.row('events that it has seen, in order and once', wrong < 0 ? follower.seen.length : `wrong from ${wrong + 1} on`, `${recorded.length}, as in the log`, wrong < 0 && follower.seen.length === recorded.length)
}
