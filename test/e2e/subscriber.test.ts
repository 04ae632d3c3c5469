import { expect } from 'chai'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const SEED = Number(process.env.SEED ?? randomInt(2 ** 31))
const EVENTS = 3_000
const WRITERS = 4
const ROWS_MAX = 40
/** A connection is cut off after so many changes at the most, at any moment between them. */
const CUT_AFTER_MAX = 150
const SKUS = ['MUG', 'TEA', 'CUP'] as const
const LOCATIONS = ['LIS', 'OPO'] as const

interface Change { readonly cursor: string; readonly event: { readonly stream: string; readonly version: number } }
interface Message { readonly type: string; readonly payload?: { readonly data?: { readonly stockChanged: Change } } }

describe('a subscriber that is cut off under load', () => {
  const random = seeded(SEED)
  let directory: string
  let server: ServerProcess

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-subscriber-'))
    server = await startServerProcess(directory)
    for (const sku of SKUS) await server.mutate('registerProduct', { sku, name: sku }, 'cursor')
    for (const code of LOCATIONS) await server.mutate('openLocation', { code, name: code }, 'cursor')
  })

  after(async () => {
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  it(`has seen every change once, in order, when it goes on from its last cursor (SEED=${SEED})`, async () => {
    const start = (await server.mutate('updateProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')).cursor as string
    const [{ changes, cuts }] = await Promise.all([follow(start), write()])
    const recorded = await recordedAfter(start)
    expect(recorded).to.have.length(EVENTS)
    expect(changes).to.deep.equal(recorded)
    expect(cuts, 'it was not cut off often enough to tell').to.be.greaterThan(10)
  })

  /** EVENTS changes by several writers at once, single ones and batches. */
  async function write(): Promise<void> {
    let left = EVENTS
    const writer = async (): Promise<void> => {
      while (left > 0) {
        const rows = Math.min(left, random(3) === 0 ? 1 : 1 + random(ROWS_MAX))
        left -= rows
        const movements = Array.from({ length: rows }, () => ({ sku: SKUS[random(3)]!, location: LOCATIONS[random(2)]!, delta: 1 + random(9) }))
        const [{ delta: quantity, ...place }] = movements as [(typeof movements)[number]]
        const { userErrors } = rows === 1
          ? await server.mutate('addStock', { ...place, quantity }, 'cursor')
          : await server.mutate('applyMovements', { movements }, 'cursor')
        expect(userErrors).to.deep.equal([])
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, () => writer()))
  }

  async function follow(start: string): Promise<{ changes: Change[]; cuts: number }> {
    const changes: Change[] = []
    let cuts = 0
    for (; changes.length < EVENTS; cuts++) {
      const left = Math.min(EVENTS - changes.length, 1 + random(CUT_AFTER_MAX))
      changes.push(...await connection(changes.at(-1)?.cursor ?? start, left))
    }
    return { changes, cuts }
  }

  /** What one connection tells until it is cut off; nothing counts that arrives later. */
  function connection(after: string, count: number): Promise<Change[]> {
    const changes: Change[] = []
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
    const query = `subscription { stockChanged(after: "${after}") { cursor event { stream version } } }`
    const send = (message: object): void => { socket.send(JSON.stringify(message)) }
    return new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () => { send({ type: 'connection_init' }) })
      socket.on('close', () => { resolve(changes) })
      socket.on('message', (data: Buffer) => {
        const { type, payload } = JSON.parse(data.toString()) as Message
        if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query } })
        else if (type !== 'next' || !payload?.data) reject(new Error(`SEED=${SEED}: ${data.toString()}`))
        else if (changes.length < count) changes.push(payload.data.stockChanged)
        if (changes.length === count) socket.terminate()
      })
    })
  }

  /** The truth to hold it against: the log, page by page. */
  async function recordedAfter(start: string): Promise<Change[]> {
    const found: Change[] = []
    for (let after = start, hasMore = true; hasMore; after = found.at(-1)?.cursor ?? after) {
      const query = `{ events(first: 200, after: "${after}") { nodes { cursor stream version } pageInfo { hasNextPage } } }`
      const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
      const { data } = (await response.json()) as { data: { events: { nodes: (Change & Change['event'])[]; pageInfo: { hasNextPage: boolean } } } }
      found.push(...data.events.nodes.map(({ cursor, stream, version }) => ({ cursor, event: { stream, version } })))
      hasMore = data.events.pageInfo.hasNextPage
    }
    return found
  }
})

/** Whole numbers under the bound, the same for the same seed (a linear congruential generator). */
function seeded(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}
