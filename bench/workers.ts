import { measured } from './http.ts'
import { type HowLong, ratioRow, type Row } from './report.ts'
import { seed } from './seed.ts'
import { type BenchServer, startServer } from './server.ts'
import { type Measured, medianOf } from './stats.ts'
import { SKUS, type Workload, workloads } from './workloads.ts'

const WORKERS = 2
const named = (name: string): string => `${name}, ${WORKERS} workers`

/** What is asked of one process and of several, and which part of the requests of one process in a CPU second is to be left. */
const COMPARED = ['point query', 'reserveStock, spread'] as const
const AT_LEAST = 0.8

export const WORKER_WORKS = COMPARED.map(named)

/** The same work done by one process and by workers beside the one that writes, turn about; all processes' CPU counts. */
export async function* measureWorkers(works: readonly string[], howLong: HowLong): AsyncGenerator<Row, void> {
  const [one, many] = await Promise.all([startServer(), startServer({ WORKERS: String(WORKERS) })])
  try {
    for (const { url } of [one, many]) await seed(url, SKUS)
    for (const workload of workloads) if (works.includes(named(workload.name))) yield await compared(one, many, workload, howLong)
  } finally {
    await Promise.all([one.stop(), many.stop()])
  }
}

async function compared(one: BenchServer, many: BenchServer, workload: Workload, { runs, seconds }: HowLong): Promise<Row> {
  const rounds: Record<'one' | 'many', Measured>[] = []
  // The first round warms them up: each worker has a cache of its own.
  for (let n = 0; n <= runs; n++) {
    const requestsMin = n === 0 ? workload.warmUp : 0
    const round = {
      one: await measured(one, workload, { n, seconds, requestsMin }),
      many: await measured(many, workload, { n, seconds, requestsMin: WORKERS * requestsMin }),
    }
    if (n > 0) rounds.push(round)
  }
  return ratioRow({
    work: named(workload.name), unit: 'requests', measured: medianOf(rounds.map((round) => round.many)),
    baseline: medianOf(rounds.map((round) => round.one)).perCpuSecond, against: 'of one process', atLeast: AT_LEAST,
  })
}
