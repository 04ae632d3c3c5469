import type { EventFilter, EventRange } from '../../application/ports.ts'

export interface IndexQuery { readonly sql: string; readonly values: readonly (string | number)[] }

const LIST = '(SELECT value FROM json_each(?))'
const STREAMS = 'stream_id IN (SELECT id FROM streams WHERE'

/** The first position that was recorded at a time or after it; one beyond the end where there is none. */
type FirstRecorded = (time: number) => number

/** Each field of a filter with its condition. Times are from, inclusive, and to, exclusive; those of recording are positions here. */
const CONDITIONS: Readonly<Record<keyof EventFilter, string>> = {
  types: `type IN (SELECT number FROM types WHERE name IN ${LIST})`,
  streams: `${STREAMS} name IN ${LIST})`,
  skus: `${STREAMS} sku IN ${LIST})`,
  locations: `${STREAMS} location IN ${LIST})`,
  reference: 'reference = ?',
  correlationId: 'correlation = (SELECT number FROM correlations WHERE name = ?)',
  recordedFrom: 'position >= ?',
  recordedTo: 'position < ?',
  occurredFrom: 'occurred_at >= ?',
  occurredTo: 'occurred_at < ?',
}

/** Asks for one row more than the range does: it tells whether there is more. */
export function findQuery(filter: EventFilter, range: EventRange, firstRecorded: FirstRecorded): IndexQuery {
  const conditions: string[] = []
  const values: (string | number)[] = []
  const where = (condition: string, value: string | number | readonly string[]): void => {
    conditions.push(condition)
    values.push(typeof value === 'object' ? JSON.stringify(value) : value)
  }
  for (const field of Object.keys(CONDITIONS) as (keyof EventFilter)[]) {
    const value = filter[field]
    if (value === undefined) continue
    where(CONDITIONS[field], field === 'recordedFrom' || field === 'recordedTo' ? firstRecorded(value as number) : value)
  }
  where('position > ?', range.after ?? 0)
  if (range.before !== undefined) where('position < ?', range.before)
  const [order, count] = 'first' in range ? ['ASC', range.first] : ['DESC', range.last]
  values.push(count + 1)
  return {
    sql: `SELECT position, segment, offset, bytes FROM events WHERE ${conditions.join(' AND ')} ORDER BY position ${order} LIMIT ?`,
    values,
  }
}
