import { sql, type RawBuilder, type SqlBool, type Transaction } from 'kysely'
import { isIn, present, readPage } from './page.ts'
import { reservationView, transferView } from './promises-rows.ts'
import type { ReservationsTable } from './promises-schema.ts'
import type { Tables } from './schema.ts'
import type { DueQuery, PromisableQuery, ReservationQuery, TransferQuery } from '../../application/read-model.ts'
import type { ReservationView, TransferView } from '../../application/views.ts'
import type { ReservedLine } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'

type Db = Transaction<Tables>

export async function readReservations(db: Db, ids: readonly string[]): Promise<readonly (ReservationView | undefined)[]> {
  const rows = await db.selectFrom('reservations').selectAll().where(isIn('id', ids)).execute()
  const found = new Map(rows.map(row => [row.id, reservationView(row)]))
  return ids.map(id => found.get(id))
}

export async function readTransfers(db: Db, ids: readonly string[]): Promise<readonly (TransferView | undefined)[]> {
  const rows = await db.selectFrom('transfers').selectAll().where(isIn('id', ids)).execute()
  const found = new Map(rows.map(row => [row.id, transferView(row)]))
  return ids.map(id => found.get(id))
}

/** Ids are UUIDs of version 7: their order is that of placing. */
export const readReservationPage = (db: Db, query: ReservationQuery) =>
  readPage(db.selectFrom('reservations').selectAll(), query, {
    order: { name: 'reservations', columns: { id: 'string' } },
    direction: 'ASC',
    conditions: present([
      query.statuses && isIn('status', query.statuses),
      query.reference !== undefined && sql<SqlBool>`reference = ${query.reference}`,
      (query.skus ?? query.locations) && sql<SqlBool>`id in (select reservation from reservation_lines where ${holds(query)})`,
      query.within && sql<SqlBool>`id in (select reservation from reservation_lines where ${isIn('location', query.within)})`,
    ]),
    toItem: reservationView,
  })

/** One line of one of the SKUs at one of the locations. */
const holds = ({ skus, locations }: ReservationQuery): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.join(present([skus && isIn('sku', skus), locations && isIn('location', locations)]), sql` and `)}`

export const readTransferPage = (db: Db, { statuses, skus, locations, within, ...query }: TransferQuery) =>
  readPage(db.selectFrom('transfers').selectAll(), query, {
    order: { name: 'transfers', columns: { id: 'string' } },
    direction: 'ASC',
    conditions: present([
      statuses && isIn('status', statuses),
      skus && sql<SqlBool>`exists (select 1 from json_each(lines) as line where line.value ->> 'sku' in (select value from json_each(${JSON.stringify(skus)})))`,
      locations && endsAt(locations),
      within && endsAt(within),
    ]),
    toItem: transferView,
  })

const endsAt = (locations: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${isIn('origin', locations)} or ${isIn('destination', locations)})`

/** From the index of those alone, by its name: SQLite would rather sort all that are open. */
export async function readDue(db: Db, { now, first, after = FIRST_DUE }: DueQuery): Promise<readonly ReservationView[]> {
  const { rows } = await sql<ReservationsTable>`
    select * from reservations indexed by reservations_due
    where status = 'OPEN' and expires_at is not null and expires_at <= ${now} and (expires_at, id) > (${after.expiresAt}, ${after.id})
    order by expires_at, id limit ${first}`.execute(db)
  return rows.map(reservationView)
}

const FIRST_DUE = { expiresAt: Number.MIN_SAFE_INTEGER, id: '' }

/** Open locations and products that are not discontinued. */
export async function readPromisable(db: Db, { skus, locations, first }: PromisableQuery): Promise<readonly ReservedLine[]> {
  const promisable = sql<number>`available - safety_stock + backorder_limit`
  let query = db.selectFrom('stock_levels').select(['sku', 'location', promisable.as('quantity')])
    .where(isIn('sku', skus)).where(sql<SqlBool>`${promisable} > 0`)
    .where('sku', 'in', db.selectFrom('products').select('sku').where('status', '=', 'ACTIVE').where(isIn('sku', skus)))
    .where('location', 'in', db.selectFrom('locations').select('code').where('status', '=', 'OPEN'))
    .limit(first)
  if (locations) query = query.where(isIn('location', locations))
  return query.execute()
}

export async function readOpenReservations(db: Db, location: string, first: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('reservation_lines').select('reservation').distinct()
    .where('location', '=', location).where('status', '=', 'OPEN').limit(first).execute()
  return rows.map(({ reservation }) => streamName.reservation(reservation))
}

export async function readOpenTransfers(db: Db, location: string, first: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('transfers').select('id').where('status', '=', 'IN_TRANSIT')
    .where(({ eb, or }) => or([eb('origin', '=', location), eb('destination', '=', location)])).limit(first).execute()
  return rows.map(({ id }) => streamName.transfer(id))
}
