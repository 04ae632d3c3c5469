import { sql, type Kysely, type RawBuilder, type SqlBool, type Transaction } from 'kysely'
import type { Order } from './cursor.ts'
import { isIn, readPage } from './page.ts'
import { locationView, productView, stockLevelView } from './rows.ts'
import type { Tables } from './schema.ts'
import { matches } from './search.ts'
import type { ReadModel, StockQuery } from '../../application/read-model.ts'
import type { At, TotalsView } from '../../application/views.ts'

type Conditions = readonly (RawBuilder<SqlBool> | undefined | false)[]

/** Each answer takes the same few reads however much is asked for, all of one snapshot. */
export function createReadModel(db: Kysely<Tables>): ReadModel {
  const snapshot = <Value>(read: (tx: Transaction<Tables>) => Promise<Value>): Promise<At<Value>> =>
    db.transaction().execute(async tx => {
      const { position } = await tx.selectFrom('checkpoint').select('position').executeTakeFirstOrThrow()
      return { value: await read(tx), position }
    })
  const page = async <Found extends object>(read: (tx: Transaction<Tables>) => Promise<Found>): Promise<Found & { readonly position: number }> => {
    const { value, position } = await snapshot(read)
    return { ...value, position }
  }

  return {
    products: skus => snapshot(async tx => {
      const rows = await tx.selectFrom('products').selectAll().where(isIn('sku', skus)).execute()
      const found = new Map(rows.map(row => [row.sku, productView(row)]))
      return skus.map(sku => found.get(sku))
    }),

    locations: codes => snapshot(async tx => {
      const rows = await tx.selectFrom('locations').selectAll().where(isIn('code', codes)).execute()
      const found = new Map(rows.map(row => [row.code, locationView(row)]))
      return codes.map(code => found.get(code))
    }),

    stockLevels: keys => snapshot(async tx => {
      const pairs = JSON.stringify(keys.map(pair))
      const rows = await tx.selectFrom('stock_levels').selectAll()
        .where(sql<SqlBool>`(sku, location) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${pairs}))`)
        .execute()
      const found = new Map(rows.map(row => [JSON.stringify(pair(row)), stockLevelView(row)]))
      return keys.map(key => found.get(JSON.stringify(pair(key))))
    }),

    totals: skus => snapshot(async tx => {
      const rows = await tx.selectFrom('stock_levels').where(isIn('sku', skus)).groupBy('sku').select(['sku', ...SUMS]).execute()
      const found = new Map(rows.map(({ sku, ...totals }) => [sku, totals]))
      return skus.map((sku): TotalsView => found.get(sku) ?? NOTHING)
    }),

    productPage: query => page(tx => readPage(tx.selectFrom('products').selectAll(), query, {
      order: { name: 'products', columns: { sku: 'string' } },
      direction: 'ASC',
      conditions: present([searched(query.search), query.statuses && isIn('status', query.statuses)]),
      toItem: productView,
    })),

    locationPage: query => page(tx => readPage(tx.selectFrom('locations').selectAll(), query, {
      order: { name: 'locations', columns: { code: 'string' } },
      direction: 'ASC',
      conditions: present([query.kinds && isIn('kind', query.kinds)]),
      toItem: locationView,
    })),

    stockPage: query => page(tx => readPage(tx.selectFrom('stock_levels').selectAll(), query, {
      order: { name: `stock ${query.orderBy}`, columns: STOCK_ORDERS[query.orderBy] },
      direction: query.direction,
      conditions: present(stockConditions(query)),
      toItem: stockLevelView,
    })),
  }
}

const STOCK_ORDERS: Readonly<Record<StockQuery['orderBy'], Order['columns']>> = {
  SKU: { sku: 'string', location: 'string' },
  LOCATION: { location: 'string', sku: 'string' },
  ON_HAND: { on_hand: 'number', sku: 'string', location: 'string' },
  AVAILABLE: { available: 'number', sku: 'string', location: 'string' },
  UPDATED_AT: { updated_at: 'number', sku: 'string', location: 'string' },
}

const stockConditions = (query: StockQuery): Conditions => [
  query.skus && isIn('sku', query.skus),
  query.locations && isIn('location', query.locations),
  searched(query.search),
  query.onlyLow === true && sql<SqlBool>`reorder_point is not null and available <= reorder_point`,
  query.onlyAvailable === true && sql<SqlBool>`available > 0`,
  query.minAvailable !== undefined && sql<SqlBool>`available >= ${query.minAvailable}`,
  query.maxAvailable !== undefined && sql<SqlBool>`available <= ${query.maxAvailable}`,
]

/** Blank text is the start of every SKU. */
const searched = (search = ''): RawBuilder<SqlBool> | undefined => (search.trim() === '' ? undefined : matches(search.trim()))

const present = (conditions: Conditions): readonly RawBuilder<SqlBool>[] =>
  conditions.filter(condition => condition !== undefined && condition !== false)

const pair = ({ sku, location }: { readonly sku: string; readonly location: string }): readonly string[] => [sku, location]

const SUMS = [
  sql<number>`sum(on_hand)`.as('onHand'),
  sql<number>`sum(reserved)`.as('reserved'),
  sql<number>`sum(unavailable)`.as('unavailable'),
  sql<number>`sum(available)`.as('available'),
  sql<number>`sum(incoming)`.as('incoming'),
  sql<number>`sum(safety_stock)`.as('safetyStock'),
  sql<number>`sum(max(0, available - safety_stock + backorder_limit))`.as('availableToPromise'),
] as const

const NOTHING: TotalsView = { onHand: 0, reserved: 0, unavailable: 0, available: 0, incoming: 0, safetyStock: 0, availableToPromise: 0 }
