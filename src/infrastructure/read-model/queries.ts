import { sql, type Kysely, type SqlBool } from 'kysely'
import type { Dialect, Snapshot } from './dialect.ts'
import { present, readPage } from './page.ts'
import { readPast } from './past.ts'
import {
  readDue, readOpenReservations, readOpenTransfers, readPromisable, readReservationPage, readReservations, readTransferPage, readTransfers,
} from './promises-queries.ts'
import { locationView, productView } from './rows.ts'
import type { Tables } from './schema.ts'
import { searched } from './search.ts'
import { readStockPage } from './stock-page.ts'
import { readOnHandAt, readVersions } from './timeline.ts'
import { readWebhooks, readWebhooksById } from './webhooks.ts'
import type { ReadModel } from '../../application/read-model.ts'
import type { At, TotalsView } from '../../application/views.ts'

export type RowReads = Pick<ReadModel, 'products' | 'locations' | 'stockLevels' | 'stockLevelNow'>

/** Each answer takes the same few reads however much is asked for, all of one snapshot. */
export function createReadModel(db: Kysely<Tables>, rows: RowReads, dialect: Dialect): ReadModel {
  const { isIn } = dialect
  const sums = sumsIn(dialect)
  const snapshot = <Value>(read: (snapshot: Snapshot) => Promise<Value>): Promise<At<Value>> =>
    db.transaction().execute(async tx => {
      const { position } = await tx.selectFrom('checkpoint').select('position').executeTakeFirstOrThrow()
      return { value: await read({ db: tx, dialect }), position, stale: false }
    })
  const page = async <Found extends object>(read: (snapshot: Snapshot) => Promise<Found>): Promise<Found & { readonly position: number, readonly stale: boolean }> => {
    const { value, position, stale } = await snapshot(read)
    return { ...value, position, stale }
  }

  return {
    ...rows,

    totals: (skus, locations) => snapshot(async ({ db }) => {
      const rows = await db.selectFrom('stock_levels').where(isIn('sku', skus))
        .$if(locations !== undefined, query => query.where(isIn('location', locations ?? []))).groupBy('sku').select(['sku', ...sums]).execute()
      const found = new Map(rows.map(({ sku, ...totals }) => [sku, totals]))
      return skus.map((sku): TotalsView => found.get(sku) ?? NOTHING)
    }),

    locationTotals: codes => snapshot(async ({ db }) => {
      const rows = await db.selectFrom('stock_levels').where(isIn('location', codes)).groupBy('location').select(['location', ...sums]).execute()
      const found = new Map(rows.map(({ location, ...totals }) => [location, totals]))
      return codes.map((code): TotalsView => found.get(code) ?? NOTHING)
    }),

    stockLevelsAt: (keys, moment) => snapshot(tx => readPast(tx, keys, moment)),
    stockLevelsAfter: keys => snapshot(tx => readVersions(tx, keys)),
    onHandAt: (key, occurredAt) => snapshot(tx => readOnHandAt(tx, key, occurredAt)),

    locationContents: code => snapshot(async tx => {
      const rows = await tx.db.selectFrom('stock_levels').select('sku').where('location', '=', code).where(HOLDS_SOMETHING).limit(CONTENTS_MAX).execute()
      return {
        skus: rows.map(({ sku }) => sku),
        reservations: await readOpenReservations(tx, code, CONTENTS_MAX),
        transfers: await readOpenTransfers(tx, code, CONTENTS_MAX),
      }
    }),

    reservations: ids => snapshot(tx => readReservations(tx, ids)),
    reservationPage: query => page(tx => readReservationPage(tx, query)),
    dueReservations: query => snapshot(tx => readDue(tx, query)),
    transfers: ids => snapshot(tx => readTransfers(tx, ids)),
    transferPage: query => page(tx => readTransferPage(tx, query)),
    promisable: query => snapshot(tx => readPromisable(tx, query)),
    webhooksById: ids => snapshot(tx => readWebhooksById(tx, ids)),
    webhooks: () => snapshot(tx => readWebhooks(tx)),

    productPage: query => page(({ db }) => readPage(dialect, db.selectFrom('products').selectAll(), query, {
      order: { name: 'products', columns: { sku: 'string' } },
      direction: 'ASC',
      conditions: present([searched(dialect, query.search), query.statuses && isIn('status', query.statuses)]),
      toItem: productView,
    })),

    locationPage: query => page(({ db }) => readPage(dialect, db.selectFrom('locations').selectAll(), query, {
      order: { name: 'locations', columns: { code: 'string' } },
      direction: 'ASC',
      conditions: present([query.kinds && isIn('kind', query.kinds)]),
      toItem: locationView,
    })),

    stockPage: query => page(tx => readStockPage(tx, query)),
  }
}

/** How much of what a location holds is named when it can't be closed. */
const CONTENTS_MAX = 100
const HOLDS_SOMETHING = sql<SqlBool>`(on_hand <> 0 or reserved <> 0 or unavailable <> 0 or incoming <> 0)`

const sumsIn = ({ greatest }: Dialect) => [
  sql<number>`sum(on_hand)`.as('onHand'),
  sql<number>`sum(reserved)`.as('reserved'),
  sql<number>`sum(unavailable)`.as('unavailable'),
  sql<number>`sum(available)`.as('available'),
  sql<number>`sum(incoming)`.as('incoming'),
  sql<number>`sum(safety_stock)`.as('safetyStock'),
  sql<number>`sum(${greatest(sql`0`, sql`available - safety_stock + backorder_limit`)})`.as('availableToPromise'),
] as const

const NOTHING: TotalsView = { onHand: 0, reserved: 0, unavailable: 0, available: 0, incoming: 0, safetyStock: 0, availableToPromise: 0 }
