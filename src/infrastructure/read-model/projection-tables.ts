import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { Insertable, Selectable } from 'kysely'
import { locationRow, locationView, productRow, productView, stockLevelRow, stockLevelView } from './rows.ts'
import { reservationRow, reservationView, transferRow, transferView } from './promises-rows.ts'
import type { ReservationsTable, TransfersTable } from './promises-schema.ts'
import { createTimeline } from './timeline.ts'
import { webhookRow, webhookView, type WebhooksTable } from './webhooks.ts'
import type { LocationsTable, ProductsTable, StockLevelsTable } from './schema.ts'
import type { ProjectionTables, RowChange } from '../../application/read-model.ts'
import type { LocationView, ProductView, ReservationView, StockLevelView, TransferView, WebhookView } from '../../application/views.ts'
import { parseStream } from '../../domain/streams.ts'

interface Table {
  row(key: string): object | undefined
  /** Within a transaction; `forget` where it is rolled back. */
  write(key: string, view: object): void
  forget(): void
}

/** This is the only writer, so what it has read or written lately need not be read again. */
const ROWS_MAX = 10_000

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
    reservations: table<ReservationsTable, ReservationView>(db, 'reservations', ['id'], reservationView, reservationRow, [
      'id', 'status', 'lines', 'reference', 'placed_at', 'expires_at', 'version',
    ]),
    transfers: table<TransfersTable, TransferView>(db, 'transfers', ['id'], transferView, transferRow, [
      'id', 'status', 'origin', 'destination', 'lines', 'reference', 'dispatched_at', 'completed_at', 'version',
    ]),
    webhooks: table<WebhooksTable, WebhookView>(db, 'webhooks', ['id'], webhookView, webhookRow, [
      'id', 'url', 'event_types', 'enabled', 'removed', 'signing', 'previous', 'created_at', 'registered_at', 'version',
    ]),
  }
  const timeline = createTimeline(db)
  const position = db.prepare<[], number>('select position from checkpoint').pluck()
  /** Every answer asks for it, and only commits change it. */
  let checkpoint: number | undefined
  const advance = db.prepare<[number, number]>('update checkpoint set position = ? where position = ?')

  function tableOf(projection: string): Table {
    const found = tables[projection]
    if (found === undefined) throw new Error(`There is no table for the projection ${projection}.`)
    return found
  }

  const commit = db.transaction((changes: readonly RowChange[], from: number, to: number) => {
    if (advance.run(to, from).changes === 0) throw new Error(`The checkpoint is ${position.get() ?? 'missing'}, not ${from}.`)
    const last = new Map<string, Map<string, object>>()
    for (const change of changes) {
      const { projection, key, after } = change
      if (projection === 'stock_levels') timeline.append(change)
      const rows = last.get(projection) ?? new Map<string, object>()
      last.set(projection, rows.set(key, after))
    }
    for (const [projection, rows] of last) for (const [key, view] of rows) tableOf(projection).write(key, view)
  })

  return {
    checkpoint: () => (checkpoint ??= position.get() ?? 0),
    row: (projection, key) => tableOf(projection).row(key),
    commit(changes, from, to) {
      try {
        commit.immediate(changes, from, to)
        checkpoint = to
      } catch (error) {
        checkpoint = undefined
        for (const kept of [timeline, ...Object.values(tables)]) kept.forget()
        throw error
      }
    },
  }
}

function table<Columns, View extends object>(
  db: Database, name: string, keys: readonly string[],
  toView: (row: Selectable<Columns>) => View, toRow: (view: View) => Insertable<Columns>, columns: readonly (keyof Columns & string)[],
): Table {
  const select = db.prepare(`select * from ${name} where ${keys.map(key => `${key} = ?`).join(' and ')}`) as Statement<string[], Selectable<Columns>>
  const updates = columns.filter(column => !keys.includes(column)).map(column => `${column} = excluded.${column}`)
  const upsert = db.prepare(`
    insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})
    on conflict (${keys.join(', ')}) do update set ${updates.join(', ')}`)
  const views = new LRUCache<string, object>({ max: ROWS_MAX })
  return {
    row(key) {
      const known = views.get(key)
      if (known) return known
      const row = select.get(...parseStream(key).parts)
      if (row === undefined) return undefined
      const view = toView(row)
      views.set(key, view)
      return view
    },
    write(key, view) {
      const row = toRow(view as View) as Readonly<Record<string, unknown>>
      upsert.run(...columns.map(column => row[column]))
      views.set(key, view)
    },
    forget: () => { views.clear() },
  }
}
