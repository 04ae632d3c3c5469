import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { silent } from '../../application/test-inventory.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { compose, type Composition } from '../../../src/compose.ts'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../../src/infrastructure/ids.ts'
import { rebuildMysqlReadModel } from '../../../src/infrastructure/mysql-read-model/rebuild.ts'
import { TABLES } from '../../../src/infrastructure/mysql-read-model/schema.ts'

const caller = { correlationId: 'c' }
const TEA = { sku: 'TEA', location: 'LIS' }

describeWith('mariadb', hasMariaDb, 'a rebuild of a read model that nodes share', () => {
  let server: MariaDb
  let url: string
  let directory: string
  let nodes: Composition[]
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-rebuild-'))
    url = await server.database()
    nodes = []
    for (const name of ['one', 'other']) nodes.push(await compose({ directory: join(directory, name), eventStoreUrl: url, nodes: { readModelUrl: url }, clock: systemClock, ids: uuidV7, logger: silent }))
    const { commands } = nodes[0]!.inventory
    await commands.registerProduct({ sku: 'TEA', name: 'Green Tea', barcode: null, unit: 'EACH', attributes: {} }, caller)
    await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
    await add(nodes[0]!)
    await commands.reserveStock({ lines: [{ sku: 'TEA', quantity: 1 }], strategy: 'PRIORITY', dryRun: false }, caller)
  })
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await rm(directory, { recursive: true })
  })

  const add = (node: Composition) => node.inventory.commands.addStock({ ...TEA, quantity: 1, reason: 'DELIVERY' }, caller)

  async function query(...statements: readonly string[]): Promise<RowDataPacket[][]> {
    const connection = await createConnection(url)
    const results: RowDataPacket[][] = []
    for (const statement of statements) results.push((await connection.query<RowDataPacket[]>(statement))[0])
    await connection.end()
    return results
  }

  const contents = () => query(...Object.keys(TABLES).map((table) => `SELECT * FROM ${table}`))

  it('makes the same rows again, and those right that were not', async () => {
    const before = await contents()
    await query("UPDATE stock_levels SET on_hand = 99", 'DELETE FROM timeline', "UPDATE products SET name = 'Coffee'")
    await rebuildMysqlReadModel({ url, store: nodes[0]!.store, onProgress: () => undefined })
    expect(await contents()).to.deep.equal(before)
    expect((await query('SHOW TABLES LIKE \'new\\_%\'', 'SHOW TABLES LIKE \'old\\_%\'')).flat()).to.have.length(0)
  })

  it('holds up no node: they project, answer and never go back', async () => {
    let isOver = false
    const writing = Promise.all(nodes.map(async (node) => {
      let written = 0
      for (; !isOver || written < 5; written += 1) await add(node)
      return written
    }))
    const reading = Promise.all(nodes.map(async ({ inventory: { queries } }) => {
      let [position, answers] = [0, 0]
      while (!isOver) {
        const page = await queries.stockPage({ first: 5, orderBy: 'ON_HAND', direction: 'ASC', minAvailable: answers % 2 })
        expect(page.position).to.be.at.least(position)
        position = page.position
        answers += 1
        // What the cache knows is answered without letting others have their turn.
        await wait(1)
      }
      return answers
    }))
    for (let round = 0; round < 3; round += 1) await rebuildMysqlReadModel({ url, store: nodes[round % 2]!.store, onProgress: () => undefined })
    isOver = true
    const written = (await writing).reduce((sum, count) => sum + count, 0)
    expect(Math.min(...await reading)).to.be.greaterThan(0)
    for (const node of nodes) {
      await node.inventory.reach(written)
      const { value: [level] } = await node.inventory.queries.stockLevels([TEA])
      expect(level).to.include({ onHand: written + 1, version: written + 2 })
    }
    const [[timeline]] = await query("SELECT COUNT(*) AS n FROM timeline") as [[RowDataPacket]]
    expect(Number(timeline.n)).to.equal(written + 2)
  })
})
