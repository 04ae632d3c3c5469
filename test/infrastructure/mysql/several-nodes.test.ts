import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { SharedEventStore } from '../../../src/infrastructure/mysql/event-store.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { added, allEvents, openNode, outcome, silent, to } from './fixture.ts'
import { checkLog } from '../../../src/infrastructure/migration/migrate.ts'
import { openSource } from '../../../src/infrastructure/migration/open.ts'

describeWith('mariadb', hasMariaDb, 'several nodes on one MySQL event store', () => {
  let server: MariaDb
  let url: string
  let one: SharedEventStore
  let other: SharedEventStore
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())
  beforeEach(async () => {
    url = await server.database()
    ;[one, other] = await Promise.all([openNode(url), openNode(url)])
  })
  afterEach(async () => { await Promise.all([one.close(), other.close()]) })

  /** Ends the connections of both nodes, whatever they are doing. */
  async function cutConnections(): Promise<number> {
    const connection = await createConnection(url)
    try {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = DATABASE()')
      for (const { id } of rows) await connection.query(`KILL ${String(id)}`).catch(() => undefined)
      return rows.length
    } finally {
      await connection.end()
    }
  }

  it('make one log together, whoever was first', () => {
    expect(one.id).to.equal(other.id)
  })

  it('each hear of all that is committed, in order and once', async () => {
    const heard: number[][] = [[], []]
    ;[one, other].forEach((node, n) => node.onCommit((events) => heard[n]?.push(...events.map(({ position }) => position))))
    for (let version = 0; version < 5; version += 1) await Promise.all([one.append(to('stock:a@l', version, added())), other.append(to('stock:b@l', version, added()))])
    await Promise.all([one.refresh(), other.refresh()])
    expect(heard).to.deep.equal([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
  })

  it('let one of two take a version, and show the other what stands there when it is refused', async () => {
    const outcomes = await Promise.all([outcome(one.append(to('stock:a@l', 0, added()))), outcome(other.append(to('stock:a@l', 0, added())))])
    expect(outcomes.sort()).to.deep.equal(['VersionMismatch', 'version 1'])
    expect([one.head(), other.head()]).to.deep.equal([1, 1])
  })

  it('refuse what was decided on an event that another took the place of, though the version is the same', async () => {
    const lost = added()
    await other.append(to('stock:a@l', 0, added()))
    const [first, second] = [one.append(to('stock:a@l', 0, lost)), one.append({ streams: [{ stream: 'stock:a@l', expectedVersion: 1, eventId: lost.id }], events: [{ stream: 'stock:a@l', event: added() }] })]
    expect(await Promise.all([outcome(first), outcome(second)])).to.deep.equal(['VersionMismatch', 'VersionMismatch'])
    const late = one.append({ streams: [{ stream: 'stock:a@l', expectedVersion: 1, eventId: lost.id }], events: [{ stream: 'stock:a@l', event: added() }] })
    expect(await outcome(late)).to.equal('VersionMismatch')
    expect(await outcome(one.append(to('stock:a@l', 1, added())))).to.equal('version 2')
  })

  it('refuse nobody else because of one that can not be done', async () => {
    await other.append(to('stock:a@l', 0, added()))
    const outcomes = await Promise.all(['stock:a@l', 'stock:b@l', 'stock:c@l'].map((stream) => outcome(one.append(to(stream, 0, added())))))
    expect(outcomes).to.deep.equal(['VersionMismatch', 'version 1', 'version 1'])
  })

  it('let an idempotency key be used once', async () => {
    const keyed = () => added({ idempotency: { key: 'k', fingerprint: 'f', events: 1 } })
    const outcomes = await Promise.all([outcome(one.append(to('stock:a@l', 0, keyed()))), outcome(other.append(to('stock:b@l', 0, keyed())))])
    expect(outcomes.sort()).to.deep.equal(['KeyTaken', 'version 1'])
    expect(await one.command('k')).to.deep.equal(await other.command('k'))
  })

  it('hold a location to have stood still', async () => {
    await one.append(to('stock:a@l', 0, added()))
    const closing = (position: number, version: number) => ({ ...to('location:l', version, added()), still: { location: 'l', position } })
    await other.append(to('stock:a@m', 0, added()))
    expect(await outcome(one.append(closing(2, 0)))).to.equal('version 1')
    await other.append(to('stock:a@l', 1, added()))
    expect(await outcome(one.append(closing(3, 1)))).to.equal('Stirred')
  })

  it('take more at once than one packet holds', async () => {
    const attributes = { text: 'x'.repeat(100_000) }
    const appended = await Promise.all(Array.from({ length: 200 }, (_, n) => {
      const event = { ...added(), type: 'ProductRegistered', data: { sku: `${n}`, name: 'N', barcode: null, unit: 'EACH', attributes } } as const
      return outcome(one.append(to(`product:${n}`, 0, event)))
    }))
    expect(new Set(appended)).to.deep.equal(new Set(['version 1']))
  })

  it('check versions where nothing is to be appended', async () => {
    await other.append(to('stock:a@l', 0, added()))
    expect(await outcome(one.append(to('stock:a@l', 0)))).to.equal('VersionMismatch')
    expect(await outcome(one.append(to('stock:a@l', 1)))).to.equal('version 0')
  })

  it('do what was on its way when connections were cut once, and answer it', async () => {
    let isDone = false
    const write = async (node: SharedEventStore, stream: string) => {
      let version = 0
      while (!isDone) {
        await node.append(to(stream, version, added()))
        version += 1
      }
      return version
    }
    const writers = [write(one, 'stock:a@l'), write(one, 'stock:b@l'), write(other, 'stock:c@l')]
    let cut = 0
    for (let round = 0; round < 5; round += 1) {
      const head = one.head()
      cut += await cutConnections()
      while (one.head() < head + 20) await one.refresh().catch(() => undefined)
    }
    isDone = true
    const written = await Promise.all(writers)
    const log = await allEvents(one)
    expect(cut).to.be.greaterThan(5)
    expect(log).to.have.length(written.reduce((sum, count) => sum + count, 0))
    expect(log.map(({ position }) => position)).to.deep.equal(log.map((_, n) => n + 1))
  })

  it('still have all that was answered after the database has crashed', async () => {
    const answered = await Promise.all(Array.from({ length: 50 }, (_, n) => one.append(to(`stock:${n}@l`, 0, added()))))
    await server.crash()
    for (const [event] of answered) expect(await other.event(event?.id ?? '')).to.deep.equal(event)
    expect(await outcome(one.append(to('stock:0@l', 1, added())))).to.equal('version 2')
    const source = await openSource(url, silent)
    expect((await checkLog(source)).position).to.equal(51)
    await source.close()
  })

  it('take nothing more where the database was put back to an earlier state, and others have gone on there', async () => {
    await one.append(to('stock:a@l', 0, added()))
    await one.append(to('stock:b@l', 0, added()))
    await other.refresh()
    const connection = await createConnection({ uri: url, multipleStatements: true })
    await connection.query(`START TRANSACTION; DELETE FROM events WHERE position = 2; DELETE FROM batches WHERE position = 2; DELETE FROM streams WHERE position = 2;
      UPDATE ticket SET position = 1, sha256 = (SELECT sha256 FROM batches WHERE position = 1); COMMIT`)
    await connection.end()
    const restored = await openNode(url)
    await restored.append(to('stock:c@l', 0, added()))
    await restored.close()
    await server.crash()
    while (!one.failure()?.includes('put back') || !other.failure()?.includes('put back')) await Promise.allSettled([one.refresh(), other.refresh(), wait(20)])
    expect(await outcome(one.append(to('stock:d@l', 0, added())))).to.equal('Unavailable')
    expect(await outcome(other.append(to('stock:e@l', 0, added())))).to.equal('Unavailable')
  })
})
