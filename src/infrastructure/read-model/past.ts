import { sql, type RawBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Snapshot } from './dialect.ts'
import { stockLevelView } from './rows.ts'
import { MARK_EVERY, type StockLevelsTable, type Tables } from './schema.ts'
import type { Moment, StockLevelKey } from '../../application/read-model.ts'
import type { StockLevelView } from '../../application/views.ts'

/** Stock levels of a past moment, with the columns of today's. */
export type PastLevels = SelectQueryBuilder<Tables, 'stock_levels', object>

interface Cut {
  readonly asOf: number
  readonly knownAt: number
}

/** After all times. */
const NEVER = Number.MAX_SAFE_INTEGER

const cutOf = ({ asOf = NEVER, knownAt = NEVER }: Moment): Cut => ({ asOf, knownAt })

/**
 * A moment of business time as it was known at a moment of the log, for each of the levels (sku, location): the last
 * row up to which nothing tells of a later time, and on top of it the late events after it that tell of a time up to
 * the moment. What was recorded by `knownAt` had happened by then, so that no row beyond either moment need be looked at.
 */
export function pastLevels({ db, dialect: { greatest, materialized } }: Snapshot, levels: RawBuilder<unknown>, moment: Moment): PastLevels {
  const { asOf, knownAt } = cutOf(moment)
  const upTo = sql`high <= ${Math.min(asOf, knownAt)} and recorded_at <= ${knownAt}`
  const ofLevel = sql`t.sku = l.sku and t.location = l.location`
  const marked = sql`select l.sku, l.location, coalesce((
    select version from timeline t where ${ofLevel} and version % ${sql.lit(MARK_EVERY)} = 0 and ${upTo} order by high desc, version desc limit 1), 0) as mark
    from (${levels}) l`
  const based = sql`select l.sku, l.location, coalesce((
    select version from timeline t where ${ofLevel} and version between mark and mark + ${sql.lit(MARK_EVERY)} - 1 and ${upTo} order by version desc limit 1), 0) as base
    from marked l`
  const past = sql<StockLevelsTable>`(with marked as ${materialized} (${marked}), based as ${materialized} (${based})
    select l.sku, l.location,
      ${sumOf('on_hand')}, ${sumOf('reserved')}, ${sumOf('unavailable')}, ${sumOf('incoming')},
      coalesce(b.on_hand - b.reserved - b.unavailable, 0) + coalesce(sum(late.on_hand_delta - late.reserved_delta - late.unavailable_delta), 0) as available,
      coalesce(b.safety_stock, 0) as safety_stock, b.reorder_point, b.reorder_quantity,
      coalesce(b.backorder_limit, 0) as backorder_limit, coalesce(b.allow_negative, 0) as allow_negative,
      ${greatest(sql`l.base`, sql`coalesce(max(late.version), 0)`)} as version,
      ${greatest(sql`coalesce(b.recorded_at, 0)`, sql`coalesce(max(late.recorded_at), 0)`)} as updated_at
    from based l
    left join timeline b on b.sku = l.sku and b.location = l.location and b.version = l.base
    left join timeline late on late.sku = l.sku and late.location = l.location and late.version > l.base
      and late.occurred_at < late.high and late.occurred_at <= ${asOf} and late.recorded_at <= ${knownAt}
    group by l.sku, l.location
    having max(l.base) > 0 or count(late.version) > 0)`
  return db.selectFrom(past.as('stock_levels'))
}

const sumOf = (quantity: 'on_hand' | 'reserved' | 'unavailable' | 'incoming'): RawBuilder<number> =>
  sql`coalesce(b.${sql.raw(quantity)}, 0) + coalesce(sum(late.${sql.raw(quantity)}_delta), 0) as ${sql.raw(quantity)}`

export const allLevels = sql`select sku, location from stock_levels`

/** The stock levels at that moment, in the order of the keys; undefined where there was none yet. */
export async function readPast(snapshot: Snapshot, keys: readonly StockLevelKey[], moment: Moment): Promise<readonly (StockLevelView | undefined)[]> {
  const rows = await pastLevels(snapshot, snapshot.dialect.levels(keys), moment).selectAll().execute()
  const found = new Map(rows.map((row) => [JSON.stringify([row.sku, row.location]), stockLevelView(row)]))
  return keys.map(({ sku, location }) => found.get(JSON.stringify([sku, location])))
}

/** Whether a level had any event by then: without adding anything up. */
export function existedAt(moment: Moment): RawBuilder<SqlBool> {
  const { asOf, knownAt } = cutOf(moment)
  return sql<SqlBool>`exists (select 1 from timeline t where t.sku = stock_levels.sku and t.location = stock_levels.location
    and t.occurred_at <= ${asOf} and t.recorded_at <= ${knownAt})`
}
