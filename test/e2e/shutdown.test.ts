import { expect } from 'chai'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const CLIENTS = 16
const ANSWERS_BEFORE_STOP = 200
const STOP_MS_MAX = 10_000

interface Change { readonly cursor: string; readonly id: string }
interface Message { readonly type: string; readonly payload?: { readonly data?: { readonly events: Change } } }

describe('a server that is told to go', () => {
  let directory: string
  let server: ServerProcess

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-shutdown-'))
    server = await startServerProcess(directory)
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
  })
  afterEach(async () => { await rm(directory, { recursive: true }) })

  const add = (idempotencyKey: string) => server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey }, 'cursor')

  /** A request that has been taken and can't be answered, as half of it never comes. */
  async function halfRequest(): Promise<Socket> {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":')
    await add('after-the-half')
    return socket
  }

  function subscribed(after: string): { readonly seen: Change[]; readonly ready: Promise<void>; readonly closed: Promise<{ code: number; reason: string }> } {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws')
    const seen: Change[] = []
    const send = (message: object): void => { socket.send(JSON.stringify(message)) }
    const ready = new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () => { send({ type: 'connection_init' }) })
      socket.on('message', (data: Buffer) => {
        const { type, payload } = JSON.parse(data.toString()) as Message
        if (type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: `subscription { events(after: "${after}") { cursor id } }` } })
        if (payload?.data) seen.push(payload.data.events)
        if (type === 'error') reject(new Error(data.toString()))
        if (seen.length > 0) resolve()
      })
    })
    const closed = once(socket, 'close').then(([code, reason]: unknown[]) => ({ code: Number(code), reason: String(reason) }))
    return { seen, ready, closed }
  }

  async function eventAfter(cursor: string): Promise<string> {
    const query = `{ events(first: 1, after: "${cursor}") { nodes { id } } }`
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
    return ((await response.json()) as { data: { events: { nodes: [{ id: string }] } } }).data.events.nodes[0].id
  }

  it('answers what it has taken, takes no more, and tells subscribers where to go on', async () => {
    const start = (await add('first')).cursor as string
    const subscriber = subscribed(start)
    const answered = new Set<string>()
    let exit: Promise<number | null> | undefined
    const client = async (name: number): Promise<void> => {
      for (let command = 1; ; command++) {
        const key = `${name}-${command}`
        const isDone = await add(key).then(() => true, () => false)
        if (!isDone) return
        answered.add(key)
        if (answered.size >= ANSWERS_BEFORE_STOP) exit ??= server.kill('SIGTERM')
      }
    }
    await Promise.all([subscriber.ready, ...Array.from({ length: CLIENTS }, (_, name) => client(name))])
    expect(await exit, 'it did not end well').to.equal(0)

    const { code, reason } = await subscriber.closed
    expect([code, reason]).to.deep.equal([1001, `Going away: go on after ${subscriber.seen.at(-1)!.cursor}`])
    server = await startServerProcess(directory)
    for (const key of answered) expect((await add(key)).replayed, `the answered command ${key} is lost`).to.equal(true)
    const rest = subscribed(subscriber.seen.at(-1)!.cursor)
    await add('last')
    await rest.ready
    expect(rest.seen[0]!.id).to.equal(await eventAfter(subscriber.seen.at(-1)!.cursor))
    await server.kill('SIGTERM')
  })

  it('ends within 10 s and well, though somebody never finishes to ask', async () => {
    const socket = await halfRequest()
    const startedAt = Date.now()
    expect(await server.kill('SIGTERM')).to.equal(0)
    expect(Date.now() - startedAt).to.be.lessThan(STOP_MS_MAX)
    socket.destroy()
  })

  it('ends at once at the second signal', async () => {
    const socket = await halfRequest()
    const exit = server.kill('SIGTERM')
    while (await fetch(server.url).then(() => true, () => false)) await new Promise((resolve) => { setTimeout(resolve, 10) })
    const startedAt = Date.now()
    void server.kill('SIGINT')
    expect(await exit, 'it ended as if nothing had told it to hurry').to.equal(null)
    expect(Date.now() - startedAt).to.be.lessThan(3_000)
    socket.destroy()
  })
})
