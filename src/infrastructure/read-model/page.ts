import { sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import { cursorOf, readCursor, type Order } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import type { Tables } from './schema.ts'
import type { PageRequest } from '../../application/read-model.ts'
import type { Page } from '../../application/views.ts'

export interface Listing<Item, Row> {
  readonly order: Order
  readonly direction: 'ASC' | 'DESC'
  /** All must hold. */
  readonly conditions: readonly RawBuilder<SqlBool>[]
  readonly toItem: (row: Row) => Item
}

/** A page after a place in the order, not after a number of rows: so rows that come in meanwhile shift nothing. */
export async function readPage<Table extends keyof Tables, Row extends object, Item>(
  dialect: Pick<Dialect, 'isBeyond'>, from: SelectQueryBuilder<Tables, Table, Row>, { first, after }: PageRequest, { order, direction, conditions, toItem }: Listing<Item, Row>,
): Promise<Omit<Page<Item>, 'position' | 'stale'>> {
  const filtered = from.where(every(conditions))
  const columns = Object.keys(order.columns)
  let query = filtered.limit(first + 1)
  for (const column of columns) query = query.orderBy(sql.ref(column), direction === 'ASC' ? 'asc' : 'desc')
  if (after !== undefined) query = query.where(dialect.isBeyond(columns, direction, readCursor(order, after)))
  const rows = await query.execute() as Row[]
  const { total } = await filtered.clearSelect().select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  const shown = rows.slice(0, first)
  return {
    items: shown.map(toItem),
    cursors: shown.map(row => cursorOf(order, row)),
    hasNextPage: rows.length > first,
    hasPreviousPage: after !== undefined,
    totalCount: total,
  }
}

const every = (conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> =>
  conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join([...conditions], sql` and `)}`

export const present = (conditions: readonly (RawBuilder<SqlBool> | undefined | false)[]): readonly RawBuilder<SqlBool>[] =>
  conditions.filter(condition => condition !== undefined && condition !== false)
