import { answerOf, requireGood } from './client.ts'
import { run } from './load.ts'
import { type ServerProcess, startProcess } from './process.ts'
import { type HowLong, ratioRow, type Row } from './report.ts'
import { seed } from './seed.ts'
import { startServer } from './server.ts'
import { type Measured, medianOf } from './stats.ts'
import { request, SKUS, type Workload } from './workloads.ts'

/** Each HTTP workload in turn with its baseline: a plain node:http server that answers as many bytes, or other work on the same server. */
export async function* measureHttp(workloads: readonly Workload[], howLong: HowLong): AsyncGenerator<Row, void> {
  const server = await startServer()
  try {
    await seed(server.url, SKUS)
    for (const workload of workloads) yield await compared(server, workload, howLong)
  } finally {
    await server.stop()
  }
}

async function compared(server: ServerProcess, workload: Workload, howLong: HowLong): Promise<Row> {
  const { baseline } = workload
  if (baseline) return inTurns(server, workload, { target: server, work: baseline, against: `of ${baseline.name}` }, howLong)
  const { bytes } = await answerOf(server.url, workload.body(0, 0))
  const plain = await startProcess(['--import', 'tsx', 'bench/baseline.ts', String(bytes)], {})
  try {
    return await inTurns(server, workload, { target: plain, work: workload, against: 'of node:http' }, howLong)
  } finally {
    await plain.stop()
  }
}

interface Baseline { readonly target: ServerProcess; readonly work: Workload; readonly against: string }

async function inTurns(server: ServerProcess, workload: Workload, { target, work, against }: Baseline, { runs, seconds }: HowLong): Promise<Row> {
  const ours: Measured[] = []
  const theirs: Measured[] = []
  // The first round warms both up.
  for (let n = 0; n <= runs; n++) {
    const requestsMin = n === 0 ? workload.warmUp : 0
    const [our, base] = [await measured(server, workload, { n, seconds, requestsMin }), await measured(target, work, { n, seconds })]
    if (n === 0) continue
    ours.push(our)
    theirs.push(base)
  }
  const { name, atLeast } = workload
  return ratioRow({ work: name, unit: 'requests', measured: medianOf(ours), baseline: medianOf(theirs).perCpuSecond, against, atLeast })
}

/** How fast plain node:http answers with so many bytes. */
export async function plainHttp(bytes: number, seconds: number): Promise<Measured> {
  const baseline = await startProcess(['--import', 'tsx', 'bench/baseline.ts', String(bytes)], {})
  try {
    const rounds = []
    // The first round warms it up.
    for (let n = 0; n <= 1; n++) rounds.push(await measured(baseline, PLAIN, { n, seconds }))
    return medianOf(rounds.slice(1))
  } finally {
    await baseline.stop()
  }
}

/** What it is asked does not matter: it parses it, and answers the same. */
const PLAIN: Workload = { name: 'node:http', connections: 32, atLeast: 1, warmUp: 0, body: (n) => request('{ version }', { n }) }

interface Round { readonly n: number; readonly seconds: number; readonly requestsMin?: number }

export async function measured(target: ServerProcess, { connections, path = '', body }: Workload, { n, seconds, requestsMin = 0 }: Round): Promise<Measured> {
  const before = target.cpu()
  const result = await run({ url: target.url + path, connections, seconds, requestsMin, body: (request) => body(request, n), check: requireGood })
  return { perCpuSecond: result.requests / (target.cpu() - before), perSecond: result.requests / result.seconds, p50: result.p50, p99: result.p99 }
}
