import type { Database } from 'better-sqlite3'
import type { Selectable } from 'kysely'
import { locationView, productView, stockLevelView } from './rows.ts'
import type { RowReads } from './queries.ts'
import type { LocationsTable, ProductsTable, StockLevelsTable } from './schema.ts'
import type { At } from '../../application/views.ts'

/**
 * Rows by their keys, by statements that are prepared once: nearly every request makes these reads, and to build and
 * prepare their queries anew each time would cost far more than the reads themselves.
 */
export function createRowReads(db: Database): RowReads {
  const checkpoint = db.prepare<[], number>('select position from checkpoint').pluck()
  const product = db.prepare<[string], Selectable<ProductsTable>>('select * from products where sku = ?')
  const location = db.prepare<[string], Selectable<LocationsTable>>('select * from locations where code = ?')
  const stockLevel = db.prepare<[string, string], Selectable<StockLevelsTable>>('select * from stock_levels where sku = ? and location = ?')

  /** In one statement, which has a snapshot of its own. */
  const stockLevelNow = db.prepare<[string, string], Selectable<StockLevelsTable> & { readonly at: number }>(
    'select position as at, stock_levels.* from checkpoint left join stock_levels on sku = ? and location = ?')

  const read = db.transaction((rows: () => unknown) => ({ value: rows(), position: checkpoint.get() ?? 0, stale: false }))
  // Rejects where it fails, as the others do.
  const snapshot = <Value>(rows: () => Value): Promise<At<Value>> => new Promise((resolve) => { resolve(read(rows) as At<Value>) })
  const each = <Key, Row, View>(keys: readonly Key[], find: (key: Key) => Row | undefined, view: (row: Row) => View) =>
    snapshot(() => keys.map((key) => {
      const row = find(key)
      return row && view(row)
    }))

  return {
    products: (skus) => each(skus, (sku) => product.get(sku), productView),
    locations: (codes) => each(codes, (code) => location.get(code), locationView),
    stockLevels: (keys) => each(keys, (key) => stockLevel.get(key.sku, key.location), stockLevelView),
    stockLevelNow({ sku, location }) {
      const row = stockLevelNow.get(sku, location)
      return { value: row?.sku == null ? undefined : stockLevelView(row), position: row?.at ?? 0, stale: false }
    },
  }
}
