import { sql, type Kysely, type RawBuilder, type Selectable, type SqlBool } from 'kysely'
import { mysql } from './dialect.ts'
import type { RowReads } from '../read-model/queries.ts'
import { locationView, productView, stockLevelView } from '../read-model/rows.ts'
import type { LocationsTable, ProductsTable, StockLevelsTable, Tables } from '../read-model/schema.ts'
import type { StockLevelKey } from '../../application/read-model.ts'
import type { At } from '../../application/views.ts'

interface Keyed<Key, Columns, View> {
  readonly table: keyof Tables
  /** Of the table as `t`. */
  areOf(keys: readonly Key[]): RawBuilder<SqlBool>
  nameOf(key: Key): string
  keyOf(view: View): Key
  toView(row: Selectable<Columns>): View
}

/** Rows by their keys, there and back once: with the checkpoint in front of each, one statement is a snapshot of both. */
export function createRowReads(db: Kysely<Tables>): RowReads {
  const reads = <Key, Columns, View>({ table, areOf, nameOf, keyOf, toView }: Keyed<Key, Columns, View>) =>
    async (keys: readonly Key[]): Promise<At<readonly (View | undefined)[]>> => {
      const { rows } = await sql<Selectable<Columns> & { readonly shown: number, readonly found: number | null }>`
        select t.*, t.version as found, c.position as shown from checkpoint c left join ${sql.table(table)} t on ${areOf(keys)}`.execute(db)
      const views = new Map(rows.filter(({ found }) => found !== null).map(toView).map((view) => [nameOf(keyOf(view)), view]))
      return { value: keys.map((key) => views.get(nameOf(key))), position: rows[0]?.shown ?? 0, stale: false }
    }

  return {
    products: reads<string, ProductsTable, ReturnType<typeof productView>>({
      table: 'products', areOf: (skus) => mysql.isIn('t.sku', skus), nameOf: String, keyOf: ({ sku }) => sku, toView: productView,
    }),
    locations: reads<string, LocationsTable, ReturnType<typeof locationView>>({
      table: 'locations', areOf: (codes) => mysql.isIn('t.code', codes), nameOf: String, keyOf: ({ code }) => code, toView: locationView,
    }),
    stockLevels: reads<StockLevelKey, StockLevelsTable, ReturnType<typeof stockLevelView>>({
      table: 'stock_levels', areOf: arePairs, nameOf: ({ sku, location }) => JSON.stringify([sku, location]), keyOf: (view) => view, toView: stockLevelView,
    }),
  }
}

const arePairs = (keys: readonly StockLevelKey[]): RawBuilder<SqlBool> =>
  (keys.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(t.sku, t.location) in (${sql.join(keys.map(({ sku, location }) => sql`(${sql.join([sku, location])})`))})`)
