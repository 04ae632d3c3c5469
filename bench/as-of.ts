import { measured } from './http.ts'
import { type HowLong, ratioRow, type Row } from './report.ts'
import { LOCATION, move, openShop, skuAt } from './seed.ts'
import { startServer } from './server.ts'
import { type Measured, medianOf } from './stats.ts'
import { POINT, pointQuery, request, type Workload } from './workloads.ts'

const EVENTS = 100_000
const START = Date.UTC(2025, 0, 1)
const STEP_MS = 60_000

export const AS_OF = 'asOf, a stream of 100,000 events'

const PLACE = { sku: skuAt(0), location: LOCATION }
const PAST = POINT.replace('query (', 'query ($at: DateTime!, ').replace('stockLevel(', 'stockLevel(asOf: $at, ')

const stockLevel = { connections: 32, warmUp: 0 }
const point: Workload = { ...stockLevel, name: 'point query', atLeast: 1, body: () => pointQuery(PLACE) }
/** Another moment with each request, so that no cache has it. */
const asOf: Workload = {
  ...stockLevel, name: AS_OF, atLeast: 0.1,
  body: () => request(PAST, { ...PLACE, at: new Date(START + Math.floor(Math.random() * EVENTS * STEP_MS)).toISOString() }),
}

/** A past moment of a stock level with a long history, against its stock now. */
export async function* measureAsOf({ runs, seconds }: HowLong): AsyncGenerator<Row, void> {
  const server = await startServer()
  try {
    await openShop(server.url, 1)
    await move(server.url, history())
    const rounds: Record<'past' | 'now', Measured>[] = []
    // The first round warms up.
    for (let n = 0; n <= runs; n++) {
      const round = { now: await measured(server, point, { n, seconds }), past: await measured(server, asOf, { n, seconds }) }
      if (n > 0) rounds.push(round)
    }
    yield ratioRow({
      work: AS_OF, unit: 'requests', measured: medianOf(rounds.map(({ past }) => past)),
      baseline: medianOf(rounds.map(({ now }) => now)).perCpuSecond, against: 'of the point query', atLeast: asOf.atLeast,
    })
  } finally {
    await server.stop()
  }
}

/** As they happened, one after the other. */
const history = () => Array.from({ length: EVENTS }, (_, n) =>
  ({ ...PLACE, delta: 1, occurredAt: new Date(START + n * STEP_MS).toISOString() }))
