import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { compose, type Composition } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { rebuildMysqlReadModel } from '../../src/infrastructure/mysql-read-model/rebuild.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { refusal } from './given-inventory.ts'
import { silent } from './test-inventory.ts'

const caller = { correlationId: 'c' }
const TEA = { sku: 'TEA', location: 'LIS' }

describeWith('mariadb', hasMariaDb, 'two nodes on one log and one read model', () => {
  let database: MariaDb
  let directory: string
  let url: string
  let one: Composition
  let other: Composition
  before(async () => { database = await startMariaDb() })
  after(() => database.stop())
  const open = (name: string) => compose({ directory: join(directory, name), eventStoreUrl: url, nodes: { readModelUrl: url }, clock: systemClock, ids: uuidV7, logger: silent })

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-shared-'))
    url = await database.database()
    ;[one, other] = [await open('one'), await open('other')]
    await one.inventory.commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, caller)
    await other.inventory.commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
  })
  afterEach(async () => {
    await Promise.all([one.close(), other.close()])
    await rm(directory, { recursive: true })
  })

  const add = (node: Composition, quantity: number) => node.inventory.commands.addStock({ ...TEA, quantity, reason: 'DELIVERY' }, caller)
  const remove = (node: Composition, quantity: number) => node.inventory.commands.removeStock({ ...TEA, quantity, reason: 'SOLD' }, caller)
  const onHand = async (node: Composition): Promise<number | undefined> => (await node.inventory.queries.stockLevels([TEA])).value[0]?.onHand

  it('show what was written as soon as the node that took it has answered', async () => {
    for (let n = 1; n <= 5; n += 1) {
      for (const [node, total] of [[one, 2 * n - 1], [other, 2 * n]] as const) {
        await add(node, 1)
        expect(await onHand(node)).to.equal(total)
      }
    }
  })

  it('show what another node wrote to who asks for at least that', async () => {
    for (let n = 1; n <= 5; n += 1) {
      const { position = 0 } = await add(n % 2 === 0 ? one : other, 1)
      const reader = n % 2 === 0 ? other : one
      await reader.inventory.reach(position)
      expect(await onHand(reader)).to.equal(n)
    }
  })

  it('tell each what happens, in order and once, whoever projects it', async () => {
    const followers = [one, other].map((node) => node.inventory.changes.stock({}))
    const seen = followers.map(async (changes) => {
      const found: string[] = []
      for await (const { event: { version }, before, after } of changes) {
        found.push(`${version} ${before?.onHand ?? 'none'} to ${after.onHand}`)
        if (found.length === 6) return found
      }
      return found
    })
    for (let n = 0; n < 3; n += 1) {
      await add(one, 2)
      await remove(other, 1)
    }
    const expected = ['1 none to 2', '2 2 to 1', '3 1 to 3', '4 3 to 2', '5 2 to 4', '6 4 to 3']
    expect(await Promise.all(seen)).to.deep.equal([expected, expected])
  })

  it('decide on what the other node has just done', async () => {
    expect((await refusal(remove(one, 1))).code).to.equal('INSUFFICIENT_STOCK')
    await add(other, 3)
    await remove(one, 3)
    expect((await refusal(remove(other, 1))).code).to.equal('INSUFFICIENT_STOCK')
    const basket = { lines: [{ sku: 'TEA', quantity: 2 }], strategy: 'PRIORITY', dryRun: false } as const
    expect((await refusal(one.inventory.commands.reserveStock(basket, caller))).code).to.equal('INSUFFICIENT_STOCK')
    await add(one, 2)
    expect((await other.inventory.commands.reserveStock(basket, caller)).result).to.have.property('status', 'OPEN')
  })

  it('go on where one of them leaves, and from where it was', async () => {
    await add(one, 1)
    await one.close()
    await add(other, 1)
    expect(await onHand(other)).to.equal(2)
    one = await open('one')
    expect(await onHand(one)).to.equal(2)
    await add(one, 1)
    expect(await onHand(one)).to.equal(3)
  })

  it('project every event once, however often the turn changes hands', async () => {
    const connection = await createConnection(url)
    for (let n = 0; n < 30; n += 1) {
      const writes = [add(one, 1), add(other, 1)]
      await connection.query('UPDATE projector SET until_ms = 0, owner = ?', [String(n)])
      await Promise.all(writes)
    }
    const [[found]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n, SUM(on_hand_delta) AS total FROM timeline')
    await connection.end()
    expect([Number(found?.n), Number(found?.total)]).to.deep.equal([60, 60])
    expect([await onHand(one), await onHand(other)]).to.deep.equal([60, 60])
  })

  it('answer from what they know while the database stands still, refuse the rest, and go on by themselves', async () => {
    await add(one, 4)
    expect(await onHand(one)).to.equal(4)
    database.child.kill('SIGSTOP')
    try {
      expect(await onHand(one)).to.equal(4)
      expect(await one.inventory.queries.stockPage({ first: 1, orderBy: 'SKU', direction: 'ASC' }).catch((error: unknown) => (error as Error).name)).to.equal('Unavailable')
    } finally {
      database.child.kill('SIGCONT')
    }
    await goesOn(5)
  })

  it('do not start on a read model that shows more than the log has, until it is rebuilt', async () => {
    await add(one, 1)
    const connection = await createConnection(url)
    await connection.query('UPDATE projector SET owner = \'\', term = term + 1, until_ms = 9e15')
    await connection.query('UPDATE checkpoint SET position = position + 1')
    await connection.end()
    expect(await open('third').then(() => '', (error: unknown) => (error as Error).message)).to.contain('Run `stockstream rebuild`')
    await rebuildMysqlReadModel({ url, store: one.store, onProgress: () => undefined })
    const third = await open('third')
    expect(await onHand(third)).to.equal(1)
    await third.close()
  })

  it('go on by themselves where the database has crashed', async () => {
    await add(one, 4)
    await database.crash()
    await goesOn(5)
  })

  async function goesOn(total: number): Promise<void> {
    let position: number | undefined
    while (position === undefined) position = await add(one, 1).then((answer) => answer.position, () => undefined)
    await other.inventory.reach(position)
    expect(await onHand(other)).to.equal(total)
  }
})
