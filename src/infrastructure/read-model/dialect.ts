/** Where the databases that the queries run on have no words in common. */
import { sql, type RawBuilder, type SqlBool, type Transaction } from 'kysely'
import type { KeyValue } from './cursor.ts'
import type { Tables } from './schema.ts'
import { matchesIndexed } from './search.ts'
import type { StockLevelKey, StockLevelVersion } from '../../application/read-model.ts'

/** One look at the tables, in the words of their database. */
export interface Snapshot {
  readonly db: Transaction<Tables>
  readonly dialect: Dialect
}

export interface WantedVersion { readonly n: number, readonly s: string, readonly l: string, readonly v: number }

export interface Dialect {
  isIn(column: string, values: readonly string[]): RawBuilder<SqlBool>
  /** Rows that come after these values in the order of the columns. */
  isBeyond(columns: readonly string[], direction: 'ASC' | 'DESC', values: readonly KeyValue[]): RawBuilder<SqlBool>
  greatest(one: RawBuilder<unknown>, other: RawBuilder<unknown>): RawBuilder<number>
  /** A subquery of rows (sku, location). */
  levels(keys: readonly StockLevelKey[]): RawBuilder<unknown>
  /** A table of them, numbered from 0. */
  versions(keys: readonly StockLevelVersion[]): RawBuilder<WantedVersion>
  /** Of the lines in a transfer's JSON, one is of these SKUs. */
  hasLineOf(skus: readonly string[]): RawBuilder<SqlBool>
  /** Rows whose `sku` begins with the text, or is a product's whose name has words that begin with those of the text. Not blank. */
  matches(search: string): RawBuilder<SqlBool>
  /** Behind `from reservations`: takes the index of those that are due. */
  readonly byDue: RawBuilder<unknown>
  /** Behind `as` of a common table that is worked out once. */
  readonly materialized: RawBuilder<unknown>
}

/** As one row compared with another. */
export const isAfter: Dialect['isBeyond'] = (columns, direction, values) =>
  sql<SqlBool>`(${sql.join(columns.map((column) => sql.ref(column)))}) ${sql.raw(direction === 'ASC' ? '>' : '<')} (${sql.join(values)})`

export const sqlite: Dialect = {
  // One parameter however many values there are.
  isIn: (column, values) => sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,
  isBeyond: isAfter,
  greatest: (one, other) => sql<number>`max(${one}, ${other})`,
  levels: (keys) => sql`select value ->> 0 as sku, value ->> 1 as location from json_each(${JSON.stringify(keys.map(({ sku, location }) => [sku, location]))})`,
  versions: (keys) => sql<WantedVersion>`(select key as n, value ->> 0 as s, value ->> 1 as l, value ->> 2 as v from json_each(${versionsJson(keys)}))`,
  hasLineOf: (skus) => sql<SqlBool>`exists (select 1 from json_each(lines) as line where line.value ->> 'sku' in (select value from json_each(${JSON.stringify(skus)})))`,
  matches: matchesIndexed,
  // By its name: SQLite would rather sort all that are open.
  byDue: sql`indexed by reservations_due`,
  materialized: sql`materialized`,
}

export const versionsJson = (keys: readonly StockLevelVersion[]): string => JSON.stringify(keys.map(({ sku, location, version }) => [sku, location, version]))
