import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { History } from '../read-model/fixture.ts'
import { Folding } from '../../../src/application/folding.ts'
import type { RowChange } from '../../../src/application/read-model.ts'
import { openMysqlReadModel, type SharedReadModel } from '../../../src/infrastructure/mysql-read-model/open.ts'

describeWith('mariadb', hasMariaDb, 'the tables of a read model that two nodes share', () => {
  let server: MariaDb
  let url: string
  let one: SharedReadModel
  let other: SharedReadModel
  let database: Connection
  let changes: readonly RowChange[]
  const { events } = new History().product('A', 'Blue shirt').location('LIS').stock('A', 'LIS', 5).stock('A', 'LIS', 2)
  const LAST = events.length

  before(async () => { server = await startMariaDb() })
  after(() => server.stop())
  beforeEach(async () => {
    url = await server.database()
    one = await openMysqlReadModel({ url, logId: 'log-1' })
    other = await openMysqlReadModel({ url, logId: 'log-1' })
    database = await createConnection({ uri: url, multipleStatements: true })
    changes = await new Folding({ readModel: one.readModel, store: { readStream: () => Promise.resolve([]) } }).changesOf(events)
  })
  afterEach(async () => {
    await database.end()
    await Promise.all([one.close(), other.close()])
  })

  /** As if the node that has the turn had not come back in time. */
  const runOut = () => database.query('UPDATE projector SET until_ms = 0')

  const shown = async (): Promise<unknown> => {
    const { value: [level], position } = await one.readModel.stockLevels([{ sku: 'A', location: 'LIS' }])
    const [[timeline]] = await database.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM timeline')
    return { position, onHand: level?.onHand, timeline: Number(timeline?.n) }
  }
  const ONCE = { position: LAST, onHand: 7, timeline: 2 }
  const NOTHING = { position: 0, onHand: undefined, timeline: 0 }

  /** The connections that wait for a lock of somebody else's, once there are so many. */
  async function waiting(count: number): Promise<readonly number[]> {
    for (;;) {
      // InnoDB shows what it knew at the last look where that was less than a tenth of a second ago.
      await wait(150)
      const [rows] = await database.query<RowDataPacket[]>("SELECT p.id FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()")
      if (rows.length >= count) return rows.map(({ id }) => Number(id))
    }
  }

  /** Stops whoever writes to the timeline in the midst of its transaction, until the lock is let go. */
  const stopped = () => database.query("START TRANSACTION; INSERT INTO timeline SELECT 'A', 'LIS', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0")
  const goOn = () => database.query('ROLLBACK')

  it('are one node\'s to project until it gives its turn back or does not come back in time', async () => {
    expect(await one.tables.hold()).to.equal(true)
    expect(await other.tables.hold()).to.equal(false)
    expect(await one.tables.hold()).to.equal(true)
    await runOut()
    expect(await other.tables.hold()).to.equal(true)
    expect(await one.tables.hold()).to.equal(false)
    await other.close()
    expect(await one.tables.hold()).to.equal(true)
  })

  it('do not change for a node that only believes it has the turn', async () => {
    await one.tables.hold()
    await runOut()
    await other.tables.hold()
    expect(await one.tables.commit(changes, 0, LAST)).to.equal(false)
    expect(await shown()).to.deep.equal(NOTHING)
    expect(await other.tables.commit(changes, 0, LAST)).to.equal(true)
    expect(await one.tables.commit(changes, 0, LAST)).to.equal(false)
    expect(await shown()).to.deep.equal(ONCE)
  })

  it('do not change from another position than they are at, whoever has the turn', async () => {
    await one.tables.hold()
    expect(await one.tables.commit(changes, 1, LAST)).to.equal(false)
    expect(await one.tables.commit(changes, 0, LAST)).to.equal(true)
    expect(await one.tables.commit(changes, 0, LAST)).to.equal(false)
    expect(await shown()).to.deep.equal(ONCE)
  })

  it('change once where one node is stopped in the midst of its transaction and another takes over', async () => {
    await one.tables.hold()
    await stopped()
    const late = one.tables.commit(changes, 0, LAST)
    await waiting(1)
    const taking = runOutElsewhere(url).then(() => other.tables.hold())
    await waiting(2)
    await goOn()
    expect(await late).to.equal(true)
    expect(await taking).to.equal(true)
    expect(await other.tables.commit(changes, 0, LAST)).to.equal(false)
    expect(await shown()).to.deep.equal(ONCE)
  })

  it('change once where one node is cut off in the midst of its transaction and another takes over', async () => {
    await one.tables.hold()
    await stopped()
    const cut = one.tables.commit(changes, 0, LAST).catch((error: unknown) => (error as Error).name)
    const [stuck = 0] = await waiting(1)
    await database.query(`KILL ${stuck}`)
    expect(await cut).to.equal('Unavailable')
    await goOn()
    expect(await shown()).to.deep.equal(NOTHING)
    await runOut()
    await other.tables.hold()
    expect(await other.tables.commit(changes, 0, LAST)).to.equal(true)
    expect(await one.tables.commit(changes, 0, LAST)).to.equal(false)
    expect(await shown()).to.deep.equal(ONCE)
  })

  it('are refused to a node of another log or another version', async () => {
    const refusal = (logId: string) => openMysqlReadModel({ url, logId }).then(() => '', (error: unknown) => (error as Error).message)
    expect(await refusal('log-2')).to.contain('holds the read model of another log: name another database')
    await database.query('UPDATE checkpoint SET schema_version = 0')
    expect(await refusal('log-1')).to.contain('holds a read model of version 0, and this is version')
  })
})

/** By a connection of its own, as it waits for the transaction that is stopped. */
async function runOutElsewhere(url: string): Promise<void> {
  const connection = await createConnection(url)
  await connection.query('UPDATE projector SET until_ms = 0')
  await connection.end()
}
