import type { Database, Statement } from 'better-sqlite3'
import type { Insertable, Selectable } from 'kysely'
import { locationRow, locationView, productRow, productView, stockLevelRow, stockLevelView } from './rows.ts'
import type { LocationsTable, ProductsTable, StockLevelsTable } from './schema.ts'
import type { ProjectionTables, RowChange } from '../../application/read-model.ts'
import type { LocationView, ProductView, StockLevelView } from '../../application/views.ts'
import { parseStream } from '../../domain/streams.ts'

interface Table {
  row(key: string): object | undefined
  write(view: object): void
}

/** The projector's side of the tables: synchronous, over statements that are prepared once. */
export function createProjectionTables(db: Database): ProjectionTables {
  const tables: Readonly<Record<string, Table>> = {
    products: table<ProductsTable, ProductView>(db, 'products', ['sku'], productView, productRow, [
      'sku', 'sku_folded', 'name', 'barcode', 'unit', 'attributes', 'status', 'version', 'registered_at', 'updated_at',
    ]),
    locations: table<LocationsTable, LocationView>(db, 'locations', ['code'], locationView, locationRow, [
      'code', 'name', 'kind', 'time_zone', 'status', 'version', 'opened_at', 'updated_at',
    ]),
    stock_levels: table<StockLevelsTable, StockLevelView>(db, 'stock_levels', ['sku', 'location'], stockLevelView, stockLevelRow, [
      'sku', 'location', 'on_hand', 'reserved', 'unavailable', 'incoming', 'safety_stock', 'reorder_point',
      'reorder_quantity', 'backorder_limit', 'allow_negative', 'version', 'updated_at',
    ]),
  }
  const position = db.prepare<[], number>('select position from checkpoint').pluck()
  const advance = db.prepare<[number, number]>('update checkpoint set position = ? where position = ?')

  function tableOf(projection: string): Table {
    const found = tables[projection]
    if (found === undefined) throw new Error(`There is no table for the projection ${projection}.`)
    return found
  }

  const commit = db.transaction((changes: readonly RowChange[], from: number, to: number) => {
    if (advance.run(to, from).changes === 0) throw new Error(`The checkpoint is ${position.get() ?? 'missing'}, not ${from}.`)
    const last = new Map(changes.map(change => [`${change.projection} ${change.key}`, change]))
    for (const { projection, after } of last.values()) tableOf(projection).write(after)
  })

  return {
    checkpoint: () => position.get() ?? 0,
    row: (projection, key) => tableOf(projection).row(key),
    commit: (changes, from, to) => { commit.immediate(changes, from, to) },
  }
}

function table<Columns, View extends object>(
  db: Database, name: string, keys: readonly string[],
  toView: (row: Selectable<Columns>) => View, toRow: (view: View) => Insertable<Columns>, columns: readonly (keyof Columns & string)[],
): Table {
  const select = db.prepare(`select * from ${name} where ${keys.map(key => `${key} = ?`).join(' and ')}`) as Statement<string[], Selectable<Columns>>
  const updates = columns.filter(column => !keys.includes(column)).map(column => `${column} = excluded.${column}`)
  const upsert = db.prepare<[unknown]>(`
    insert into ${name} (${columns.join(', ')}) values (${columns.map(column => `@${column}`).join(', ')})
    on conflict (${keys.join(', ')}) do update set ${updates.join(', ')}`)
  return {
    row(key) {
      const row = select.get(...parseStream(key).parts)
      return row === undefined ? undefined : toView(row)
    },
    write(view) { upsert.run(toRow(view as View)) },
  }
}
