import { expect } from 'chai'
import SqliteDatabase from 'better-sqlite3'
import { TABLES } from '../../../src/infrastructure/mysql-read-model/schema.ts'
import { SCHEMA } from '../../../src/infrastructure/read-model/schema.ts'

/** What one of the two databases has for itself: row ids and the index of names there, words of names here. */
const OWN = new Set(['id of checkpoint', 'id of products', 'one of checkpoint', 'name_words of products'])

const inMysql = (): string[] => Object.entries(TABLES).flatMap(([table, text]) =>
  [...text.matchAll(/^ {4}`?([a-z_]+)`? (?:VARBINARY|BIGINT|INT|TINYINT|LONGTEXT|BLOB)/gm)].map(([, column = '']) => `${column} of ${table}`))

function inSqlite(): string[] {
  const db = new SqliteDatabase(':memory:')
  db.exec(SCHEMA)
  const tables = db.prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'product_names%' and name not like 'sqlite_%'").pluck().all()
  const found = tables.flatMap((table) => db.prepare<[string], string>('select name from pragma_table_xinfo(?)').pluck().all(table).map((column) => `${column} of ${table}`))
  db.close()
  return found
}

describe('the tables of a read model in MySQL', () => {
  it('have the columns of those in SQLite', () => {
    const common = (columns: readonly string[]) => columns.filter((column) => !OWN.has(column)).sort()
    expect(common(inMysql())).to.have.length.above(70)
    expect(common(inMysql())).to.deep.equal(common(inSqlite()))
  })
})
