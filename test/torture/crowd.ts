import { setTimeout as wait } from 'node:timers/promises'
import { Subscriber } from '../faults/subscriber.ts'
import { NOTHING, type Tally } from '../faults/tally.ts'
import type { ServerProcess } from '../e2e/server-process.ts'
import { heldMegabytes, subscribersOf, withServer } from './served.ts'

const CONNECTING_AT_ONCE = 100
const CHANGES = 10
const TOLD_MS_MAX = 120_000
/** What stays of a crowd that has left: code that was compiled for it, and tables that have grown. */
const KEPT_MEGABYTES_MAX = 20

/** So many sockets at once: every one is told of every change, and when they have left nothing is kept of them. */
export const crowd = (sockets: number): Promise<Tally> => withServer(async (server, start) => {
  // A first small one, so that what is made once is there before it is measured.
  await come(server, Math.min(sockets, CONNECTING_AT_ONCE), start, (subscribers) => leave(server, subscribers))
  const before = await heldMegabytes(server)
  let during = 0
  const told = await come(server, sockets, start, async (subscribers) => {
    for (let n = 0; n < CHANGES; n++) await server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 }, 'cursor')
    const deadline = Date.now() + TOLD_MS_MAX
    while (subscribers.some(({ changes }) => changes.length < CHANGES) && Date.now() < deadline) await wait(20)
    during = await heldMegabytes(server)
    await leave(server, subscribers)
  })
  const after = await heldMegabytes(server)
  const expected = Array.from({ length: CHANGES }, (_, n) => n + 1).join()
  const left = await subscribersOf(server)
  return {
    ...NOTHING, cycles: sockets, acknowledged: CHANGES, lost: told.reduce((sum, versions) => sum + Math.max(0, CHANGES - versions.length), 0),
    violations: [
      ...told.flatMap((versions, n) => (versions.join() === expected ? [] : [`socket ${n} was told of versions ${versions.join()}`])).slice(0, 10),
      ...(left === 0 ? [] : [`${left} subscribers are still counted after all have left`]),
      ...(after - before < KEPT_MEGABYTES_MAX ? [] : [`${(after - before).toFixed(1)} MB are kept of sockets that have left`]),
    ],
    figures: [`the server holds ${before.toFixed(0)} MB before, ${during.toFixed(0)} MB with ${sockets} sockets, ${after.toFixed(0)} MB when they have left`],
  }
})

/** So many connect, something happens with them, and what they were told of is returned. */
async function come(server: ServerProcess, sockets: number, start: string, use: (subscribers: readonly Subscriber[]) => Promise<void>): Promise<number[][]> {
  const subscribers: Subscriber[] = []
  while (subscribers.length < sockets) {
    const more = Math.min(CONNECTING_AT_ONCE, sockets - subscribers.length)
    subscribers.push(...Array.from({ length: more }, () => new Subscriber(() => server.url, start)))
    while (await subscribersOf(server) < subscribers.length) await wait(20)
  }
  await use(subscribers)
  return subscribers.map(({ changes }) => changes.map(({ event }) => event.version))
}

async function leave(server: ServerProcess, subscribers: readonly Subscriber[]): Promise<void> {
  for (const subscriber of subscribers) subscriber.end()
  for (const deadline = Date.now() + TOLD_MS_MAX; await subscribersOf(server) > 0 && Date.now() < deadline; ) await wait(50)
}
