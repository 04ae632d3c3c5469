import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Order } from './cursor.ts'
import type { Dialect, Snapshot } from './dialect.ts'
import { present, readPage } from './page.ts'
import { allLevels, existedAt, pastLevels, readPast } from './past.ts'
import { stockLevelView } from './rows.ts'
import { searched } from './search.ts'
import type { Moment, StockQuery } from '../../application/read-model.ts'
import type { Page, StockLevelView } from '../../application/views.ts'

type StockPage = Omit<Page<StockLevelView>, 'position' | 'stale'>

export async function readStockPage(snapshot: Snapshot, query: StockQuery): Promise<StockPage> {
  const { db, dialect } = snapshot
  const { moment } = query
  if (!moment) return readPage(dialect, db.selectFrom('stock_levels').selectAll(), query, listing(query, conditions(dialect, query)))
  if (looksAtQuantities(query)) return readPage(dialect, pastLevels(snapshot, allLevels, moment).selectAll('stock_levels'), query, listing(query, conditions(dialect, query)))
  return readPastOfPage(snapshot, query, moment)
}

/** Only the levels of the page are brought back to the moment. */
async function readPastOfPage(snapshot: Snapshot, query: StockQuery, moment: Moment): Promise<StockPage> {
  const { db, dialect } = snapshot
  const page = await readPage(dialect, db.selectFrom('stock_levels').selectAll(), query, listing(query, [...conditions(dialect, query), existedAt(moment)]))
  const items = await readPast(snapshot, page.items, moment)
  return { ...page, items: items.filter((item) => item !== undefined) }
}

const looksAtQuantities = ({ orderBy, onlyLow, onlyAvailable, minAvailable, maxAvailable }: StockQuery): boolean =>
  (orderBy !== 'SKU' && orderBy !== 'LOCATION') || onlyLow === true || onlyAvailable === true || minAvailable !== undefined || maxAvailable !== undefined

const listing = ({ orderBy, direction }: StockQuery, conditions: readonly RawBuilder<SqlBool>[]) => ({
  order: { name: `stock ${orderBy}`, columns: ORDERS[orderBy] },
  direction,
  conditions,
  toItem: stockLevelView,
})

const ORDERS: Readonly<Record<StockQuery['orderBy'], Order['columns']>> = {
  SKU: { sku: 'string', location: 'string' },
  LOCATION: { location: 'string', sku: 'string' },
  ON_HAND: { on_hand: 'number', sku: 'string', location: 'string' },
  AVAILABLE: { available: 'number', sku: 'string', location: 'string' },
  UPDATED_AT: { updated_at: 'number', sku: 'string', location: 'string' },
}

const conditions = (dialect: Dialect, query: StockQuery): readonly RawBuilder<SqlBool>[] => present([
  query.skus && dialect.isIn('sku', query.skus),
  query.locations && dialect.isIn('location', query.locations),
  searched(dialect, query.search),
  query.onlyLow === true && sql<SqlBool>`reorder_point is not null and available <= reorder_point`,
  query.onlyAvailable === true && sql<SqlBool>`available > 0`,
  query.minAvailable !== undefined && sql<SqlBool>`available >= ${query.minAvailable}`,
  query.maxAvailable !== undefined && sql<SqlBool>`available <= ${query.maxAvailable}`,
])
