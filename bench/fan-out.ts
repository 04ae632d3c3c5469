import { type Audience, openAudience } from './audience.ts'
import { answerOf } from './client.ts'
import { type ServerProcess, startProcess } from './process.ts'
import { type HowLong, ratioRow, type Row } from './report.ts'
import { CHANGE, FOLLOW, seed } from './seed.ts'
import { startServer } from './server.ts'
import { type Measured, medianOf, quantile } from './stats.ts'

const SUBSCRIBERS = 1_000
const BURST = 20

export const FAN_OUT = ['a change to 1,000 subscribers', `bursts of ${BURST} changes to 1,000 subscribers`] as const

interface Stage { readonly audience: Audience; readonly server: ServerProcess; cause(): Promise<unknown> }

/** One change to a thousand identical subscriptions, one after the other and in bursts, against graphql-ws with type-graphql as they come. */
export async function* measureFanOut({ runs, seconds }: HowLong): AsyncGenerator<Row, void> {
  const [server, stock] = [await startServer(), await startProcess(['--import', 'tsx', 'bench/stock-fan-out.ts'], {})]
  try {
    await seed(server.url, 1)
    const ours: Stage = { audience: await openAudience(server.url, FOLLOW, SUBSCRIBERS), server, cause: () => answerOf(server.url, CHANGE) }
    const theirs: Stage = {
      audience: await openAudience(`${stock.url}/graphql`, FOLLOW, SUBSCRIBERS), server: stock,
      cause: () => fetch(`${stock.url}/publish`, { method: 'POST' }),
    }
    const rounds: Record<'baseline' | 'single' | 'burst', Measured>[] = []
    // The first round warms both up.
    for (let n = 0; n <= runs; n++) {
      const round = { baseline: await told(theirs, 1, seconds), single: await told(ours, 1, seconds), burst: await told(ours, BURST, seconds) }
      if (n > 0) rounds.push(round)
    }
    const baseline = medianOf(rounds.map((round) => round.baseline))
    yield row(FAN_OUT[0], medianOf(rounds.map(({ single }) => single)), baseline, 4)
    yield row(FAN_OUT[1], medianOf(rounds.map(({ burst }) => burst)), baseline, 12)
    for (const { audience } of [ours, theirs]) audience.close()
  } finally {
    await Promise.all([server.stop(), stock.stop()])
  }
}

const row = (work: string, measured: Measured, baseline: Measured, atLeast: number): Row =>
  ratioRow({ work, unit: 'messages', measured, baseline: baseline.perCpuSecond, against: 'of graphql-ws', atLeast })

async function told({ audience, server, cause }: Stage, burst: number, seconds: number): Promise<Measured> {
  const latencies: number[] = []
  const [cpu, from] = [server.cpu(), performance.now()]
  while (performance.now() - from < seconds * 1_000) {
    const sent = performance.now()
    const all = audience.told(burst)
    await Promise.all(Array.from({ length: burst }, cause))
    await all
    latencies.push(performance.now() - sent)
  }
  const messages = latencies.length * burst * audience.subscribers
  return {
    perCpuSecond: messages / (server.cpu() - cpu), perSecond: messages / ((performance.now() - from) / 1_000),
    p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99),
  }
}
