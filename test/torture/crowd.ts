import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { Subscriber } from '../faults/subscriber.ts'
import type { Tally } from '../faults/tally.ts'

const CONNECTING_AT_ONCE = 100
const CHANGES = 10

/** What one caller may ask for is a limit of its own, and tried elsewhere. */
const UNLIMITED = { CALLER_CONNECTIONS_MAX: '20000', CALLER_SUBSCRIPTIONS_MAX: '20000', CALLER_REQUESTS_PER_SECOND: '1000000', CALLER_COST_PER_SECOND: '1000000000' }

/** A server in a process of its own, with mugs in Lisbon. `start` is the cursor after which nothing has happened. */
export async function withServer(use: (server: ServerProcess, start: string) => Promise<Tally>): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'crowd-'))
  const server = await startServerProcess(directory, 0, UNLIMITED)
  try {
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    const { cursor } = await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    return await use(server, cursor as string)
  } finally {
    await server.kill('SIGKILL')
    await rm(directory, { recursive: true })
  }
}

/** So many sockets at once: every one is told of every change, and when they have left nothing is kept of them. */
export const crowd = (sockets: number): Promise<Tally> => withServer(async (server, start) => {
  const before = await subscribersOf(server)
  const subscribers: Subscriber[] = []
  while (subscribers.length < sockets) {
    const more = Math.min(CONNECTING_AT_ONCE, sockets - subscribers.length)
    subscribers.push(...Array.from({ length: more }, () => new Subscriber(() => server.url, start)))
    while (await subscribersOf(server) < before + subscribers.length) await wait(20)
  }
  for (let n = 0; n < CHANGES; n++) await server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 }, 'cursor')
  const deadline = Date.now() + 120_000
  while (subscribers.some(({ changes }) => changes.length < CHANGES) && Date.now() < deadline) await wait(20)
  for (const subscriber of subscribers) subscriber.end()
  while (await subscribersOf(server) > before && Date.now() < deadline) await wait(50)
  const told = subscribers.map(({ changes }) => changes.map(({ event }) => event.version).join())
  const expected = Array.from({ length: CHANGES }, (_, n) => n + 1).join()
  const left = await subscribersOf(server) - before
  return {
    cycles: sockets, acknowledged: CHANGES, doubled: 0, refused: 0,
    lost: subscribers.reduce((sum, { changes }) => sum + Math.max(0, CHANGES - changes.length), 0),
    violations: [
      ...told.flatMap((versions, n) => (versions === expected ? [] : [`socket ${n} was told of versions ${versions}`])).slice(0, 10),
      ...(left === 0 ? [] : [`${left} subscribers are still counted after all have left`]),
    ],
  }
})

async function subscribersOf(server: ServerProcess): Promise<number> {
  const { system } = (await server.query('{ system { subscribers } }')) as { system: { subscribers: number } }
  return system.subscribers
}
