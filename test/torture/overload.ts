import { setTimeout as wait } from 'node:timers/promises'
import type { ServerProcess } from '../e2e/server-process.ts'
import type { Tally } from '../faults/tally.ts'
import { withServer } from './crowd.ts'

/** More than the server does at a time. */
const CLIENTS = 1_500
/** Far beyond what it takes: it must answer at all. */
const HEALTH_MS_MAX = 30_000

interface Count { accepted: number; refused: number; readonly wrong: string[] }

/** Ten times more clients than it can serve: what it takes is done once, what it does not take is told when to come again, and it says that it is alive. */
export const overload = (seconds: number): Promise<Tally> => withServer(async (server) => {
  const count: Count = { accepted: 0, refused: 0, wrong: [] }
  const until = Date.now() + seconds * 1_000
  const [health] = await Promise.all([slowestHealth(server, until), ...Array.from({ length: CLIENTS }, (_, name) => client(server, name, until, count))])
  const { stockLevel } = (await server.query('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }')) as { stockLevel: { quantities: { onHand: number } } }
  const { onHand } = stockLevel.quantities
  return {
    cycles: CLIENTS, acknowledged: count.accepted, refused: count.refused,
    lost: Math.max(0, count.accepted - onHand), doubled: Math.max(0, onHand - count.accepted),
    violations: [
      ...count.wrong.slice(0, 5),
      ...(onHand === count.accepted ? [] : [`${count.accepted} were added, and ${onHand} are on hand`]),
      ...(health < HEALTH_MS_MAX ? [] : [`/healthz took ${health} ms`]),
    ],
  }
})

/** Sends each command until it is done, also where the connection was not taken or was lost. */
async function client(server: ServerProcess, name: number, until: number, count: Count): Promise<void> {
  for (let n = 0; Date.now() < until; n++) {
    const input = { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: `${name}-${n}` }
    while (!await isDone(server, input, count)) await wait(100)
    count.accepted += 1
  }
}

async function isDone(server: ServerProcess, input: object, count: Count): Promise<boolean> {
  try {
    await server.mutate('addStock', input, 'cursor')
    return true
  } catch (error) {
    const text = String(error)
    if (text.includes('UNAVAILABLE') && /"retryAfterMs":\d+/.test(text)) count.refused += 1
    else if (!text.includes('fetch failed')) count.wrong.push(text)
    return false
  }
}

/** Milliseconds. */
async function slowestHealth(server: ServerProcess, until: number): Promise<number> {
  let slowest = 0
  while (Date.now() < until) {
    const before = Date.now()
    await (await fetch(new URL('/healthz', server.url))).text()
    slowest = Math.max(slowest, Date.now() - before)
    await wait(100)
  }
  return slowest
}
