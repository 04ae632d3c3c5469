import { expect } from 'chai'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const STOP_MS_MAX = 10_000

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
