import type { Database } from 'better-sqlite3'
import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { stockLevelView } from './rows.ts'
import type { Snapshot } from './dialect.ts'
import { MARK_EVERY } from './schema.ts'
import type { RowChange, StockLevelKey, StockLevelVersion } from '../../application/read-model.ts'
import type { StockLevelView } from '../../application/views.ts'

/** In the order of `timelineRow`. */
export const TIMELINE_COLUMNS = [
  'sku', 'location', 'version', 'position', 'occurred_at', 'recorded_at', 'high', 'on_hand', 'reserved', 'unavailable', 'incoming',
  'on_hand_delta', 'reserved_delta', 'unavailable_delta', 'incoming_delta',
  'safety_stock', 'reorder_point', 'reorder_quantity', 'backorder_limit', 'allow_negative',
] as const

const NOTHING = { onHand: 0, reserved: 0, unavailable: 0, incoming: 0 }
const STREAMS_MAX = 50_000

export interface Timeline {
  /** A row for a change of a stock level. */
  append(change: RowChange): void
  /** To be called where what was appended is rolled back. */
  forget(): void
}

/** The writing side. */
export function createTimeline(db: Database): Timeline {
  const highs = new LRUCache<string, number>({ max: STREAMS_MAX })
  const insert = db.prepare(`insert into timeline (${TIMELINE_COLUMNS.join(', ')}) values (${TIMELINE_COLUMNS.map(() => '?').join(', ')})`)
  const lastHigh = db.prepare<[string, string], number>('select high from timeline where sku = ? and location = ? order by version desc limit 1').pluck()

  return {
    append(change) {
      const { key, event, after } = change
      const { sku, location } = after as StockLevelView
      const highBefore = highs.get(key)
      const high = Math.max(event.occurredAt, highBefore ?? lastHigh.get(sku, location) ?? event.occurredAt)
      if (high !== highBefore) highs.set(key, high)
      insert.run(timelineRow(change, high))
    },
    forget: () => { highs.clear() },
  }
}

/** What a change of a stock level leaves behind; `high`: the latest time that it or any event before it tells of. */
export function timelineRow({ event, before = NOTHING, after }: RowChange, high: number): readonly (string | number | null)[] {
  const level = after as StockLevelView
  const { onHand, reserved, unavailable, incoming } = before as StockLevelView
  return [
    level.sku, level.location, level.version, event.position, event.occurredAt, event.recordedAt, high,
    level.onHand, level.reserved, level.unavailable, level.incoming,
    level.onHand - onHand, level.reserved - reserved, level.unavailable - unavailable, level.incoming - incoming,
    level.safetyStock, level.reorderPoint, level.reorderQuantity, level.backorderLimit, level.allowNegative ? 1 : 0,
  ]
}

/** The stock levels right after these versions, in their order. */
export async function readVersions({ db, dialect }: Snapshot, keys: readonly StockLevelVersion[]): Promise<readonly (StockLevelView | undefined)[]> {
  const rows = await db
    .selectFrom(dialect.versions(keys).as('wanted'))
    .innerJoin('timeline', (join) => join.onRef('sku', '=', 'wanted.s').onRef('location', '=', 'wanted.l').onRef('version', '=', 'wanted.v'))
    .selectAll()
    .execute()
  const found = new Map(rows.map((row) => [row.n, stockLevelView({ ...row, available: 0, updated_at: row.recorded_at })]))
  return keys.map((_, index) => found.get(index))
}

/**
 * On hand at a moment of business time: the last row up to which nothing tells of a later time, and the late events
 * after it that tell of a time up to the moment.
 */
export async function readOnHandAt({ db }: Snapshot, { sku, location }: StockLevelKey, occurredAt: number) {
  const ofLevel = db.selectFrom('timeline').where('sku', '=', sku).where('location', '=', location)
  const mark = await ofLevel.select('version').where(sql<boolean>`version % ${sql.lit(MARK_EVERY)} = 0`).where('high', '<=', occurredAt)
    .orderBy('high', 'desc').orderBy('version', 'desc').limit(1).executeTakeFirst()
  const from = mark?.version ?? 0
  const base = await ofLevel.select(['version', 'on_hand']).where('version', '>=', from).where('version', '<', from + MARK_EVERY)
    .where('high', '<=', occurredAt).orderBy('version', 'desc').limit(1).executeTakeFirst()
  const late = await ofLevel.select(sql<number>`coalesce(sum(on_hand_delta), 0)`.as('delta'))
    .where(sql<boolean>`occurred_at < high`).where('version', '>', base?.version ?? 0).where('occurred_at', '<=', occurredAt).executeTakeFirstOrThrow()
  const last = await ofLevel.select('version').orderBy('version', 'desc').limit(1).executeTakeFirst()
  return { onHand: (base?.on_hand ?? 0) + late.delta, version: last?.version ?? 0 }
}
