import { run, type LoadResult } from './load.ts'
import { type ServerProcess, startProcess } from './process.ts'
import type { Row } from './report.ts'
import { OPENING_STOCK, SKUS, skuOf, type Workload, workloads } from './workloads.ts'

interface Measured {
  readonly perCpuSecond: number
  readonly result: LoadResult
}

export interface HowLong { readonly runs: number; readonly seconds: number }

/** Each HTTP workload in turn with a plain node:http server that answers as many bytes. */
export async function* measureHttp(server: ServerProcess, wanted: (name: string) => boolean, howLong: HowLong): AsyncGenerator<Row, void> {
  const url = `${server.url}/graphql`
  await seed(url)
  for (const workload of workloads.filter(({ name }) => wanted(name))) yield await compared(server, url, workload, howLong)
}

async function compared(server: ServerProcess, url: string, workload: Workload, { runs, seconds }: HowLong): Promise<Row> {
  const { bytes } = await answerOf(url, workload.body(0, 0))
  const baseline = await startProcess(['--import', 'tsx', 'bench/baseline.ts', String(bytes)], {})
  try {
    const ours: Measured[] = []
    const plain: Measured[] = []
    // The first round warms both up.
    for (let n = 0; n <= runs; n++) {
      const [our, base] = [await measured(server, url, workload, n, seconds), await measured(baseline, baseline.url, workload, n, seconds)]
      if (n === 0) continue
      ours.push(our)
      plain.push(base)
    }
    const [median, base] = [medianOf(ours), medianOf(plain)]
    const { requests, seconds: took, p50, p99 } = median.result
    return {
      work: workload.name, figure: median.perCpuSecond, unit: 'requests', baseline: base.perCpuSecond, against: 'of node:http',
      atLeast: workload.atLeast, wall: requests / took, p50, p99,
    }
  } finally {
    await baseline.stop()
  }
}

async function measured(target: ServerProcess, url: string, { connections, body }: Workload, n: number, seconds: number): Promise<Measured> {
  const before = target.cpu()
  const result = await run({ url, connections, seconds, body: (request) => body(request, n), check: requireGood })
  return { perCpuSecond: result.requests / (target.cpu() - before), result }
}

function medianOf(all: readonly Measured[]): Measured {
  const sorted = all.toSorted((a, b) => a.perCpuSecond - b.perCpuSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (!median) throw new Error('Nothing was measured: ask for one run at least.')
  return median
}

/** A refused or failed request would be cheap: it must not be counted. */
function requireGood(answer: string): void {
  if (answer.includes('"errors":[') || answer.includes('"userErrors":[{')) throw new Error(`The server answered with errors: ${answer.slice(0, 500)}`)
}

export async function answerOf(url: string, body: string): Promise<{ readonly text: string; readonly bytes: number }> {
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
