import { expect } from 'chai'
import { createConnection } from 'mysql2/promise'
import { VersionMismatch } from '../../../src/application/ports.ts'
import type { SharedEventStore } from '../../../src/infrastructure/mysql/event-store.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { added, allEvents, openNode, to } from './fixture.ts'

const NODES = 4
const WRITERS = 16
const APPENDS_EACH = 60
const STREAMS = 8

describeWith('mariadb', hasMariaDb, 'sixteen writers over four nodes, with rollbacks', () => {
  let server: MariaDb
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())

  /** Appends to streams that others append to as well, so that many are refused. How often it was. */
  async function write(node: SharedEventStore, writer: number): Promise<number> {
    let refused = 0
    for (let n = 0; n < APPENDS_EACH; ) {
      const stream = `stock:${(writer + n) % STREAMS}@l`
      const version = (await node.readStream(stream, 1)).length
      try {
        await node.append(to(stream, version, ...Array.from({ length: 1 + (n % 3) }, () => added())))
        n += 1
      } catch (error) {
        if (!(error instanceof VersionMismatch)) throw error
        refused += 1
      }
    }
    return refused
  }

  /** Takes the ticket as a node does, numbers, and thinks better of it. */
  async function rollBack(url: string, isDone: () => boolean): Promise<number> {
    const connection = await createConnection(url)
    let times = 0
    while (!isDone()) {
      await connection.query('START TRANSACTION')
      await connection.query('UPDATE ticket SET position = position + 7 WHERE one = 1')
      await connection.query('ROLLBACK')
      times += 1
    }
    await connection.end()
    return times
  }

  it('give a reader that follows every position once, in order, none missing', async () => {
    const url = await server.database()
    const nodes = await Promise.all(Array.from({ length: NODES }, () => openNode(url)))
    const reader = await openNode(url)
    try {
      const seen: number[] = []
      reader.onCommit((events) => { seen.push(...events.map(({ position }) => position)) })
      let isDone = false
      const rolledBack = rollBack(url, () => isDone)
      const refused = await Promise.all(Array.from({ length: WRITERS }, (_, n) => write(nodes[n % NODES]!, n)))
      isDone = true
      const log = await allEvents(reader)
      expect(await rolledBack).to.be.greaterThan(10)
      expect(refused.reduce((sum, count) => sum + count, 0), 'no append was refused').to.be.greaterThan(0)
      expect(log).to.have.length(WRITERS * APPENDS_EACH * 2)
      expect(seen).to.deep.equal(log.map((_, n) => n + 1))
      expect(log.map(({ position }) => position)).to.deep.equal(seen)
    } finally {
      await Promise.all([...nodes, reader].map((node) => node.close()))
    }
  })
})
