/** What a batch of changes writes, as statements of one text. */
import { indexedWords } from './words.ts'
import { reservationRow, transferRow } from '../read-model/promises-rows.ts'
import { locationRow, productRow, stockLevelRow } from '../read-model/rows.ts'
import { TIMELINE_COLUMNS, timelineRow } from '../read-model/timeline.ts'
import { webhookRow } from '../read-model/webhooks.ts'
import type { RowChange } from '../../application/read-model.ts'
import { stockLevels } from '../../application/projections/index.ts'
import type { LocationView, ProductView, ReservationView, StockLevelView, TransferView, WebhookView } from '../../application/views.ts'

/** Writes a value as the connection's server reads it. */
export type Escape = (value: unknown) => string

type Cells = readonly unknown[]

/** Rows of one table, their cells in the order of the columns. */
interface Rows { readonly table: string, readonly keys: readonly string[], readonly columns: readonly string[], readonly cells: readonly Cells[] }

/** What a row of a projection is in its table. */
const ROWS: Readonly<Record<string, { readonly keys: readonly string[], readonly toRow: (view: never) => object }>> = {
  products: { keys: ['sku'], toRow: (view: ProductView) => ({ ...productRow(view), name_words: indexedWords(view.name) }) },
  locations: { keys: ['code'], toRow: (view: LocationView) => locationRow(view) },
  stock_levels: { keys: ['sku', 'location'], toRow: (view: StockLevelView) => stockLevelRow(view) },
  reservations: { keys: ['id'], toRow: (view: ReservationView) => reservationRow(view) },
  transfers: { keys: ['id'], toRow: (view: TransferView) => transferRow(view) },
  webhooks: { keys: ['id'], toRow: (view: WebhookView) => webhookRow(view) },
}

/** Statements that change nothing unless @ok is 1. `prefix`: of the tables' names. */
export function statementsOf(changes: readonly RowChange[], escape: Escape, prefix = ''): readonly string[] {
  const levels = changes.filter(({ projection }) => projection === stockLevels.name)
  return [
    ...(levels.length > 0 ? [timelineInsert(levels, escape, prefix)] : []),
    ...rowsOf(changes).filter(({ cells }) => cells.length > 0).map((rows) => upsert(rows, escape, prefix)),
  ]
}

/** Each changed row as its last change left it, and a reservation's lines with it. */
function rowsOf(changes: readonly RowChange[]): readonly Rows[] {
  const last = new Map<string, Map<string, object>>()
  for (const { projection, key, after } of changes) last.set(projection, (last.get(projection) ?? new Map<string, object>()).set(key, after))
  const rows = [...last].map(([table, views]): Rows => {
    const described = ROWS[table]
    if (described === undefined) throw new Error(`There is no table for the projection ${table}.`)
    const found = [...views.values()].map((view) => described.toRow(view as never))
    return { table, keys: described.keys, columns: Object.keys(found[0] ?? {}), cells: found.map((row) => Object.values(row) as Cells) }
  })
  return [...rows, reservationLines([...last.get('reservations')?.values() ?? []] as ReservationView[])]
}

const reservationLines = (views: readonly ReservationView[]): Rows => ({
  table: 'reservation_lines', keys: ['reservation', 'sku', 'location'], columns: ['reservation', 'sku', 'location', 'status'],
  cells: views.flatMap(({ id, lines, status }) => lines.map(({ sku, location }) => [id, sku, location, status])),
})

function upsert({ table, keys, columns, cells }: Rows, escape: Escape, prefix: string): string {
  const names = columns.map(quoted)
  const updates = columns.filter((column) => !keys.includes(column)).map(quoted).map((name) => `${name} = VALUES(${name})`)
  return `INSERT INTO ${prefix}${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM ${jsonTable(columns, cells, escape)} WHERE @ok = 1
    ON DUPLICATE KEY UPDATE ${updates.join(', ')}`
}

/** The latest time that is told of is known within the batch; before it, by the last row that stands there. */
function timelineInsert(levels: readonly RowChange[], escape: Escape, prefix: string): string {
  const streams = new Map<string, { readonly first: number, high: number }>()
  const cells = levels.map((change) => {
    const { key, event: { occurredAt, version } } = change
    const stream = streams.get(key) ?? { first: version, high: occurredAt }
    stream.high = Math.max(stream.high, occurredAt)
    streams.set(key, stream)
    return [...timelineRow(change, stream.high), stream.first]
  })
  const values = TIMELINE_COLUMNS.map((column) => (column === 'high' ? 'GREATEST(j.high, COALESCE(p.high, j.high))' : `j.${column}`))
  return `INSERT INTO ${prefix}timeline (${TIMELINE_COLUMNS.join(', ')}) SELECT ${values.join(', ')} FROM ${jsonTable([...TIMELINE_COLUMNS, 'first'], cells, escape)}
    LEFT JOIN ${prefix}timeline p ON p.sku = j.sku AND p.location = j.location AND p.version = j.first - 1 WHERE @ok = 1`
}

/** Rows as one value, in a form that MySQL and MariaDB both read, and that a condition can be put to. */
function jsonTable(columns: readonly string[], cells: readonly Cells[], escape: Escape): string {
  const types = columns.map((column, n) => `${quoted(column)} ${cells.some((row) => typeof row[n] === 'number') ? 'BIGINT' : 'LONGTEXT CHARACTER SET utf8mb4'} PATH '$[${n}]'`)
  return `JSON_TABLE(${escape(JSON.stringify(cells))}, '$[*]' COLUMNS (${types.join(', ')})) AS j`
}

const quoted = (name: string): string => `\`${name}\``
