import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../application/webhooks/receiver.ts'
import { type ReceiverProcess, startReceiver } from '../examples/receiver-process.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const ROUNDS = 4
const CLIENTS = 4
/** Deliveries after which all is killed, so that the moment falls between them. */
const DELIVERIES_BEFORE_KILL = 40

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => { resolve(port) })
  })
})

describe('a webhook whose server is killed, and its receiver too', () => {
  let directory: string
  let server: ServerProcess
  let receiver: ReceiverProcess
  let secret: string
  let port: number
  const earlier: ReceiverProcess['events'] = []

  const start = () => startServerProcess(directory, 0, { WEBHOOK_ALLOW: '127.0.0.1' })
  const received = () => [...earlier, ...receiver.events]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-webhook-kill-'))
    port = await freePort()
    server = await start()
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, '')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, '')
    const registered = await server.mutate('registerWebhook', { url: `http://127.0.0.1:${port}/`, eventTypes: ['StockAdded'] }, 'secret')
    secret = String(registered.secret)
    receiver = await startReceiver(secret, port)
  })
  after(async () => {
    await server.kill('SIGTERM')
    await receiver.kill()
    await rm(directory, { recursive: true })
  })

  async function recorded(): Promise<readonly string[]> {
    const ids: string[] = []
    for (let after: string | null = null, hasMore = true; hasMore;) {
      const query = 'query($after: Cursor) { events(filter: { types: ["StockAdded"] }, first: 200, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }'
      const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables: { after } }) })
      const { data: { events } } = (await response.json()) as { data: { events: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } }
      ids.push(...events.nodes.map(({ id }) => id))
      after = events.pageInfo.endCursor
      hasMore = events.pageInfo.hasNextPage
    }
    return ids
  }

  /** Sells under load until so much is delivered, then kills the server, and in every other round the receiver at the same time. */
  async function round(number: number): Promise<void> {
    const goal = received().length + DELIVERIES_BEFORE_KILL
    let isKilled = false
    const client = async (name: number): Promise<void> => {
      for (let command = 1; !isKilled; command++) {
        await server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: `${number}-${name}-${command}` }, '').catch(() => undefined)
      }
    }
    const clients = Array.from({ length: CLIENTS }, (_, name) => client(name))
    await until(() => received().length >= goal)
    isKilled = true
    const isBoth = number % 2 === 0
    await Promise.all([server.kill('SIGKILL'), isBoth && receiver.kill()])
    await Promise.all(clients)
    if (isBoth) {
      earlier.push(...receiver.events)
      receiver = await startReceiver(secret, port)
    }
    server = await start()
  }

  it(`has every event delivered, in order, ${ROUNDS} times`, async function () {
    this.timeout(240_000)
    for (let number = 1; number <= ROUNDS; number++) await round(number)
    const ids = await recorded()
    await until(() => new Set(received().map(({ id }) => id)).size === ids.length)
    // A receiver that was killed does not know any more what it took last, and may be told of it again.
    const news = received().filter(({ id }, index, all) => id !== all[index - 1]?.id)
    expect(news.map(({ id }) => id)).to.deep.equal(ids)
    expect(received().length - news.length).to.be.at.most(ROUNDS)
  })
})
