import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const ROUNDS = 20
const CLIENTS = 16
/** Answers after which the server is killed, so that the moment falls into the load on a slow machine too. */
const ANSWERS_BEFORE_KILL = 60

describe('a server that is killed under load', () => {
  let directory: string
  let server: ServerProcess

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-kill-'))
    server = await startServerProcess(directory)
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'product { sku }')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'location { code }')
  })

  after(async () => {
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  const add = (idempotencyKey: string) =>
    server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey }, 'stockLevel { version quantities { onHand } }')

  it(`has every answered command once after a restart, and none half, ${ROUNDS} times`, async () => {
    const sent = new Set<string>()
    for (let round = 1; round <= ROUNDS; round++) {
      const answered = new Set<string>()
      let killed: Promise<unknown> | undefined
      const client = async (name: number): Promise<void> => {
        for (let command = 1; !killed; command++) {
          const key = `${round}-${name}-${command}`
          sent.add(key)
          const done = await add(key).then(() => true, () => false)
          if (done) answered.add(key)
          if (answered.size >= ANSWERS_BEFORE_KILL) killed ??= server.kill('SIGKILL')
        }
      }
      await Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)))
      await killed
      server = await startServerProcess(directory)
      for (const keys of inParts([...answered], CLIENTS)) {
        for (const { replayed } of await Promise.all(keys.map(add))) expect(replayed, `an answered command is lost after kill ${round}`).to.equal(true)
      }
    }
    for (const keys of inParts([...sent], CLIENTS)) await Promise.all(keys.map(add))
    const last = await add('last')
    expect(last.stockLevel, 'commands were lost or done twice').to.deep.equal({
      version: sent.size + 1,
      quantities: { onHand: sent.size + 1 },
    })
  })
})

const inParts = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
