import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { join } from 'node:path'
import { rebuildReadModel } from '../../../src/infrastructure/read-model/rebuild.ts'
import { Bench, History, silent } from './fixture.ts'

/** All tables and indexes, and what stands in the tables. */
function contents(file: string): object {
  const db = new SqliteDatabase(file, { readonly: true })
  try {
    const things = db.prepare<[], { type: string; name: string }>('select type, name, sql from sqlite_master order by type, name').all()
    const rowsOf = (table: string) => db.prepare(`select * from ${table}`).all()
    return { things, rows: ['products', 'locations', 'stock_levels', 'timeline'].map(rowsOf) }
  } finally {
    db.close()
  }
}

describe('a rebuild', () => {
  let bench: Bench
  beforeEach(() => { bench = new Bench() })
  afterEach(() => { bench.remove() })

  it('makes the same tables, rows and indexes as projecting batch by batch, in larger batches', async () => {
    const history = new History().location('LIS').product('TEA', 'Green tea')
    for (let n = 0; n < 6_000; n++) history.stock('TEA', 'LIS', 1 + (n % 7))
    async function* batches() { for (let from = 0; from < history.events.length; from += 90) yield await Promise.resolve(history.events.slice(from, from + 90)) }
    for await (const events of batches()) bench.projector.project(events)
    const file = join(bench.directory, 'rebuilt.sqlite')
    const positions: number[] = []
    const store = { id: 'log-1', head: () => history.events.length, read: batches }
    await rebuildReadModel({ file, store, logger: silent, onProgress: (position) => { positions.push(position) } })
    expect(positions).to.have.length.within(2, 3)
    expect(positions.at(-1)).to.equal(history.events.length)
    expect(contents(file)).to.deep.equal(contents(bench.file))
  })
})
