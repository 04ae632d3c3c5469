/**
 * Each workload against a plain node:http server that answers as many bytes, both on one core and the client on
 * the other. What counts is requests in a CPU second of the server, all its threads: wall time depends on the
 * neighbours. `npm run bench -- [RUNS] [SECONDS] [NAME...]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, type LoadResult } from './load.ts'
import { NO_SHARE, type ServerProcess, startProcess } from './process.ts'
import { OPENING_STOCK, SKUS, skuOf, type Workload, workloads } from './workloads.ts'

interface Measured {
  readonly perCpuSecond: number
  readonly result: LoadResult
}

const [runs = 5, seconds = 4] = process.argv.slice(2, 4).map(Number)
const names = process.argv.slice(4)
const wanted = workloads.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)))

const directory = mkdtempSync(join(tmpdir(), 'stockstream-bench-'))
const server = await startProcess(['dist/main.js'], { PORT: '0', STORE_DIR: directory, LOG_LEVEL: 'error', NODE_ENV: 'production', ...NO_SHARE })
try {
  const url = `${server.url.replace(/\/graphql$/, '')}/graphql`
  await seed(url)
  process.stdout.write('| work | requests / CPU s | plain node:http | ratio | at least | requests / s | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|\n')
  for (const workload of wanted) process.stdout.write(await compared(url, workload))
  process.stdout.write(`\nMemory of the server at the end: ${server.memory().toFixed(0)} MB.\n`)
} finally {
  await server.stop()
  rmSync(directory, { recursive: true })
}

async function compared(url: string, workload: Workload): Promise<string> {
  const { bytes } = await answerOf(url, workload.body(0, 0))
  const baseline = await startProcess(['--import', 'tsx', 'bench/baseline.ts', String(bytes)], {})
  try {
    const ours: Measured[] = []
    const plain: Measured[] = []
    for (let n = 1; n <= runs; n++) {
      ours.push(await measured(server, url, workload, n))
      plain.push(await measured(baseline, baseline.url, workload, n))
    }
    const [median, base] = [medianOf(ours), medianOf(plain)]
    const { requests, seconds: took, p50, p99 } = median.result
    const cells = [
      workload.name, median.perCpuSecond.toFixed(0), base.perCpuSecond.toFixed(0), (median.perCpuSecond / base.perCpuSecond).toFixed(3),
      workload.atLeast.toPrecision(2), (requests / took).toFixed(0), p50.toFixed(2), p99.toFixed(2),
    ]
    return `| ${cells.join(' | ')} |\n`
  } finally {
    await baseline.stop()
  }
}

async function measured(target: ServerProcess, url: string, { connections, body }: Workload, n: number): Promise<Measured> {
  const before = target.cpu()
  const result = await run({ url, connections, seconds, body: (request) => body(request, n), check: requireGood })
  return { perCpuSecond: result.requests / (target.cpu() - before), result }
}

function medianOf(all: Measured[]): Measured {
  const sorted = all.toSorted((a, b) => a.perCpuSecond - b.perCpuSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (!median) throw new Error('Nothing was measured: ask for one run at least.')
  return median
}

/** A refused or failed request would be cheap: it must not be counted. */
function requireGood(answer: string): void {
  if (answer.includes('"errors":[') || answer.includes('"userErrors":[{')) throw new Error(`The server answered with errors: ${answer.slice(0, 500)}`)
}

async function answerOf(url: string, body: string): Promise<{ readonly text: string; readonly bytes: number }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const text = await response.text()
  requireGood(text)
  return { text, bytes: Buffer.byteLength(text) }
}

async function seed(url: string): Promise<void> {
  const send = (query: string, variables: object) => answerOf(url, JSON.stringify({ query, variables }))
  await send('mutation { openLocation(input: { code: "LIS", name: "Lisbon" }) { userErrors { code } } }', {})
  for (let from = 0; from < SKUS; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => send(
      'mutation ($input: RegisterProductInput!) { registerProduct(input: $input) { userErrors { code } } }',
      { input: { sku: skuOf(from + n), name: `Product number ${from + n}` } },
    )))
  }
  for (let from = 0; from < SKUS; from += 1_000) {
    const movements = Array.from({ length: 1_000 }, (_, n) => ({ sku: skuOf(from + n), location: 'LIS', delta: OPENING_STOCK }))
    await send('mutation ($input: ApplyMovementsInput!) { applyMovements(input: $input) { userErrors { code } } }', { input: { movements } })
  }
}
