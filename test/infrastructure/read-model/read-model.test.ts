import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import SqliteDatabase from 'better-sqlite3'
import { Bench, History } from './fixture.ts'
import { openReadModel } from '../../../src/infrastructure/read-model/read-model.ts'

describe('read model: its file', () => {
  let bench: Bench
  const { events } = new History().product('A', 'Blue shirt').location('LIS').stock('A', 'LIS', 5)
  beforeEach(() => {
    bench = new Bench()
    bench.projector.project(events)
  })
  afterEach(() => { bench.remove() })

  const expectEmpty = async (): Promise<void> => {
    expect(bench.open.tables.checkpoint()).to.equal(0)
    expect((await bench.open.readModel.products(['A'])).value).to.deep.equal([undefined])
    expect(bench.projector.project(events)).to.have.length(3)
  }

  it('keeps all over closing and opening', async () => {
    bench.reopen()
    expect(await bench.open.readModel.products(['A'])).to.have.property('position', 3)
  })

  it('keeps all where nobody closed it', async () => {
    const other = openReadModel({ file: bench.file, logId: 'log-1' })
    expect((await other.readModel.stockLevels([{ sku: 'A', location: 'LIS' }])).value[0]).to.deep.include({ onHand: 5 })
    other.close()
  })

  it('is made anew for another log', async () => {
    bench.reopen('log-2')
    await expectEmpty()
  })

  it('is made anew where its schema is older', async () => {
    const db = new SqliteDatabase(bench.file)
    db.prepare('update checkpoint set schema_version = 0').run()
    db.close()
    bench.reopen()
    await expectEmpty()
  })

  it('is made anew where the file is damaged, no database or somebody else\'s', async () => {
    const damages = [
      (): void => { writeFileSync(bench.file, 'no database at all, and long enough to be taken for one'.repeat(100)) },
      (): void => { writeFileSync(bench.file, '') },
      (): void => {
        const db = new SqliteDatabase(bench.file)
        db.exec('drop table checkpoint')
        db.close()
      },
    ]
    for (const damage of damages) {
      bench.open.close()
      damage()
      bench.open = openReadModel({ file: bench.file, logId: 'log-1' })
      expect(bench.open.tables.checkpoint()).to.equal(0)
      bench.reopen()
      await expectEmpty()
    }
  })

  it('commits all or nothing, and only onto the checkpoint that it stands at', () => {
    const { tables } = bench.open
    const change = { projection: 'products', key: 'product:A', event: events[0]!, before: undefined, after: tables.row('products', 'product:A')! }
    expect(() => { tables.commit([change], 2, 4) }).to.throw('The checkpoint is 3, not 2')
    expect(() => { tables.commit([change, { ...change, projection: 'nobody' }], 3, 4) }).to.throw('no table')
    expect(tables.checkpoint()).to.equal(3)
  })

  it('writes the last of the changes of a row', () => {
    const { tables } = bench.open
    const row = tables.row('products', 'product:A')!
    const change = { projection: 'products', key: 'product:A', event: events[0]!, before: undefined, after: { ...row, name: 'First' } }
    tables.commit([change, { ...change, after: { ...row, name: 'Last' } }], 3, 5)
    expect(tables.row('products', 'product:A')).to.deep.include({ name: 'Last' })
    expect(tables.checkpoint()).to.equal(5)
  })
})
