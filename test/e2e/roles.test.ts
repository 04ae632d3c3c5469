import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Subscriber } from '../faults/subscriber.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const WRITE_URL = 'https://stock.example/commands/graphql'

describeWith('mariadb', hasMariaDb, 'a node that writes and one that only reads', () => {
  let directory: string
  let database: MariaDb
  let writer: ServerProcess
  let reader: ServerProcess

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'roles-'))
    database = await startMariaDb()
    const environment = { EVENT_STORE_URL: await database.database() }
    ;[writer, reader] = await Promise.all([
      startServerProcess(join(directory, 'writer'), 0, { ...environment, ROLE: 'write' }),
      startServerProcess(join(directory, 'reader'), 0, { ...environment, ROLE: 'read', WRITE_URL }),
    ])
    await writer.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await writer.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
  })
  after(async () => {
    await Promise.all([writer.kill('SIGKILL'), reader.kill('SIGKILL')])
    await database.stop()
    await rm(directory, { recursive: true })
  })

  const add = () => writer.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 }, 'cursor stockLevel { quantities { onHand } }') as Promise<{ cursor: string; stockLevel: object }>

  it('tells who brings a command to the wrong one where to go, and does nothing', async () => {
    const { cursor: before, stockLevel } = await add()
    const error: unknown = await reader.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 }, 'cursor').catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes(WRITE_URL).and.includes('UNAVAILABLE')
    expect(await reader.query(`{ stockLevel(sku: "MUG", location: "LIS", atLeast: "${before}") { quantities { onHand } } }`)).to.deep.equal({ stockLevel })
    expect(await reader.query('{ system { cursor } }')).to.deep.equal({ system: { cursor: before } })
  })
  it('shows each write of the one on the other, where it is asked for with its cursor', async () => {
    for (let n = 0; n < 20; n += 1) {
      const { cursor, stockLevel } = await add()
      expect(await reader.query(`{ stockLevel(sku: "MUG", location: "LIS", atLeast: "${cursor}") { quantities { onHand } } }`)).to.deep.equal({ stockLevel })
    }
  })
  it('has a subscriber go on at the other from its last cursor, however fresh that is, with nothing missing or twice', async () => {
    const { cursor: start } = await add()
    const nodes = [writer, reader]
    let turn = 0
    const subscriber = new Subscriber(() => nodes[turn++ % 2]?.url ?? '', start)
    let last = start
    for (let n = 0; n < 60; n += 1) {
      last = (await add()).cursor
      if (n % 10 === 9) subscriber.cutOff()
    }
    while (subscriber.cursor !== last) await wait(10)
    subscriber.end()
    const versions = subscriber.changes.map(({ event: { version } }) => version)
    expect(versions).to.deep.equal(Array.from({ length: 60 }, (_, n) => (versions[0] ?? 0) + n))
    expect(subscriber.connections).to.be.above(3)
  })
})
