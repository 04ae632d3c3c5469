import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Dialect, Snapshot } from './dialect.ts'
import { present, readPage } from './page.ts'
import { reservationView, transferView } from './promises-rows.ts'
import type { ReservationsTable } from './promises-schema.ts'
import type { DueQuery, PromisableQuery, ReservationQuery, TransferQuery } from '../../application/read-model.ts'
import type { ReservationView, TransferView } from '../../application/views.ts'
import type { ReservedLine } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'

export async function readReservations({ db, dialect: { isIn } }: Snapshot, ids: readonly string[]): Promise<readonly (ReservationView | undefined)[]> {
  const rows = await db.selectFrom('reservations').selectAll().where(isIn('id', ids)).execute()
  const found = new Map(rows.map(row => [row.id, reservationView(row)]))
  return ids.map(id => found.get(id))
}

export async function readTransfers({ db, dialect: { isIn } }: Snapshot, ids: readonly string[]): Promise<readonly (TransferView | undefined)[]> {
  const rows = await db.selectFrom('transfers').selectAll().where(isIn('id', ids)).execute()
  const found = new Map(rows.map(row => [row.id, transferView(row)]))
  return ids.map(id => found.get(id))
}

/** Ids are UUIDs of version 7: their order is that of placing. */
export const readReservationPage = ({ db, dialect }: Snapshot, query: ReservationQuery) =>
  readPage(dialect, db.selectFrom('reservations').selectAll(), query, {
    order: { name: 'reservations', columns: { id: 'string' } },
    direction: 'ASC',
    conditions: present([
      query.statuses && dialect.isIn('status', query.statuses),
      query.reference !== undefined && sql<SqlBool>`reference = ${query.reference}`,
      (query.skus ?? query.locations) && sql<SqlBool>`id in (select reservation from reservation_lines where ${holds(dialect, query)})`,
      query.within && sql<SqlBool>`id in (select reservation from reservation_lines where ${dialect.isIn('location', query.within)})`,
    ]),
    toItem: reservationView,
  })

/** One line of one of the SKUs at one of the locations. */
const holds = ({ isIn }: Dialect, { skus, locations }: ReservationQuery): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.join(present([skus && isIn('sku', skus), locations && isIn('location', locations)]), sql` and `)}`

export const readTransferPage = ({ db, dialect }: Snapshot, { statuses, skus, locations, within, ...query }: TransferQuery) =>
  readPage(dialect, db.selectFrom('transfers').selectAll(), query, {
    order: { name: 'transfers', columns: { id: 'string' } },
    direction: 'ASC',
    conditions: present([
      statuses && dialect.isIn('status', statuses),
      skus && dialect.hasLineOf(skus),
      locations && endsAt(dialect, locations),
      within && endsAt(dialect, within),
    ]),
    toItem: transferView,
  })

const endsAt = ({ isIn }: Dialect, locations: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${isIn('origin', locations)} or ${isIn('destination', locations)})`

export async function readDue({ db, dialect: { byDue } }: Snapshot, { now, first, after = FIRST_DUE }: DueQuery): Promise<readonly ReservationView[]> {
  const { rows } = await sql<ReservationsTable>`
    select * from reservations ${byDue}
    where status = 'OPEN' and expires_at is not null and expires_at <= ${now} and (expires_at, id) > (${after.expiresAt}, ${after.id})
    order by expires_at, id limit ${first}`.execute(db)
  return rows.map(reservationView)
}

const FIRST_DUE = { expiresAt: Number.MIN_SAFE_INTEGER, id: '' }

/** Open locations and products that are not discontinued. */
export async function readPromisable({ db, dialect: { isIn } }: Snapshot, { skus, locations, first }: PromisableQuery): Promise<readonly ReservedLine[]> {
  const promisable = sql<number>`available - safety_stock + backorder_limit`
  let query = db.selectFrom('stock_levels').select(['sku', 'location', promisable.as('quantity')])
    .where(isIn('sku', skus)).where(sql<SqlBool>`${promisable} > 0`)
    .where('sku', 'in', db.selectFrom('products').select('sku').where('status', '=', 'ACTIVE').where(isIn('sku', skus)))
    .where('location', 'in', db.selectFrom('locations').select('code').where('status', '=', 'OPEN'))
    .limit(first)
  if (locations) query = query.where(isIn('location', locations))
  return query.execute()
}

export async function readOpenReservations({ db }: Snapshot, location: string, first: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('reservation_lines').select('reservation').distinct()
    .where('location', '=', location).where('status', '=', 'OPEN').limit(first).execute()
  return rows.map(({ reservation }) => streamName.reservation(reservation))
}

export async function readOpenTransfers({ db }: Snapshot, location: string, first: number): Promise<readonly string[]> {
  const rows = await db.selectFrom('transfers').select('id').where('status', '=', 'IN_TRANSIT')
    .where(({ eb, or }) => or([eb('origin', '=', location), eb('destination', '=', location)])).limit(first).execute()
  return rows.map(({ id }) => streamName.transfer(id))
}
