import { setTimeout as wait } from 'node:timers/promises'
import type { ServerProcess } from '../e2e/server-process.ts'
import { NOTHING, type Tally } from '../faults/tally.ts'
import { hammer, type Hammered } from './hammer.ts'
import { heldMegabytes, quantile, withServer } from './served.ts'

/** So many take all that the server can give. */
const BUSY = 64
const TIMES = 10
const SECONDS = 5
/** Of one that has hardly anything to do. */
const FEW = 4
const PAUSE_MS = 5
const P99_TIMES_MAX = 10
const HEAP_MEGABYTES_MAX = 20
/** Far beyond what it takes: it must answer at all. */
const HEALTH_MS_MAX = 5_000

/**
 * Ten times more clients than it takes to keep it busy: what it takes is done once and soon, what it does not take is told
 * when to come again, and it says that it is alive all the time.
 */
export const overload = (seconds: number): Promise<Tally> => withServer(async (server) => {
  const warm = await hammer({ url: server.url, name: 'warm', clients: BUSY * TIMES, seconds: SECONDS })
  const calm = await hammer({ url: server.url, name: 'calm', clients: FEW, seconds: SECONDS, pauseMs: PAUSE_MS })
  const busy = await hammer({ url: server.url, name: 'busy', clients: BUSY, seconds: SECONDS })
  const before = await heldMegabytes(server)
  const [health, over] = await Promise.all([
    slowestHealth(server, performance.now() + seconds * 1_000),
    hammer({ url: server.url, name: 'over', clients: BUSY * TIMES, seconds }),
  ])
  const growth = await heldMegabytes(server) - before
  return judged({ all: [warm, calm, busy, over], calm, busy, over, seconds, health, growth, onHand: await onHand(server) })
})

interface Measured {
  readonly all: readonly Hammered[]
  readonly calm: Hammered
  readonly busy: Hammered
  readonly over: Hammered
  readonly seconds: number
  /** Milliseconds of the slowest answer. */
  readonly health: number
  /** Megabytes. */
  readonly growth: number
  readonly onHand: number
}

function judged({ all, calm, busy, over, seconds, health, growth, onHand }: Measured): Tally {
  const accepted = all.reduce((sum, round) => sum + round.accepted, 0)
  const [p99, calmP99] = [quantile(over.latencies, 0.99), quantile(calm.latencies, 0.99)]
  return {
    ...NOTHING, cycles: seconds, acknowledged: accepted, refused: over.refused,
    lost: Math.max(0, accepted - onHand), doubled: Math.max(0, onHand - accepted),
    violations: [
      ...all.flatMap(({ wrong }) => wrong).slice(0, 5),
      ...(onHand === accepted ? [] : [`${accepted} were added, and ${onHand} are on hand`]),
      ...(p99 < P99_TIMES_MAX * calmP99 ? [] : [`p99 of what is accepted is ${p99.toFixed(0)} ms, and ${calmP99.toFixed(0)} ms unloaded`]),
      ...(health < HEALTH_MS_MAX ? [] : [`/healthz took ${health.toFixed(0)} ms`]),
      ...(growth < HEAP_MEGABYTES_MAX ? [] : [`the heap grew by ${growth.toFixed(0)} MB`]),
    ],
    figures: [
      `${BUSY} clients: ${(busy.accepted / SECONDS).toFixed(0)} commands/s; ${BUSY * TIMES} clients: ${(over.accepted / seconds).toFixed(0)} accepted/s and ${(over.refused / seconds).toFixed(0)} refused/s`,
      `p99 of what is accepted: ${calmP99.toFixed(1)} ms unloaded, ${p99.toFixed(1)} ms overloaded; slowest /healthz ${health.toFixed(0)} ms; the heap grew by ${growth.toFixed(1)} MB`,
    ],
  }
}

async function onHand(server: ServerProcess): Promise<number> {
  const { stockLevel } = (await server.query('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }')) as { stockLevel: { quantities: { onHand: number } } }
  return stockLevel.quantities.onHand
}

/** Milliseconds. */
async function slowestHealth(server: ServerProcess, until: number): Promise<number> {
  let slowest = 0
  while (performance.now() < until) {
    const before = performance.now()
    await (await fetch(new URL('/healthz', server.url))).text()
    slowest = Math.max(slowest, performance.now() - before)
    await wait(100)
  }
  return slowest
}
