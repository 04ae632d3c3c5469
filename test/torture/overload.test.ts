import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { hammer } from './hammer.ts'

/** Far more than are worked on at a time. */
const CLIENTS = 600

describe('a server that is asked for more than it can answer', () => {
  let directory: string
  let server: ServerProcess

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'overload-'))
    server = await startServerProcess(directory)
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
  })
  after(async () => {
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  it('says when to come again, is alive all the time, and does each command once', async () => {
    const isAlive = async (): Promise<boolean> => (await fetch(new URL('/healthz', server.url))).ok
    const [{ accepted, refused, wrong }, ...alive] = await Promise.all([
      hammer({ url: server.url, name: 'over', clients: CLIENTS, seconds: 2 }), isAlive(), isAlive(), isAlive(),
    ])
    expect(wrong, 'answers that are neither done nor UNAVAILABLE with retryAfterMs').to.deep.equal([])
    expect(alive).not.to.include(false)
    expect(refused, 'refused').to.be.greaterThan(0)
    const { stockLevel } = await server.query('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }')
    expect(stockLevel, 'each once').to.deep.equal({ quantities: { onHand: accepted } })
  })
})
