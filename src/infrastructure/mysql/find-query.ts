import type { EventFilter, EventRange } from '../../application/ports.ts'
import type { Value } from './connection.ts'

export interface FindQuery { readonly sql: string; readonly values: readonly Value[] }

/** Each field of a filter with its condition. Times are from, inclusive, and to, exclusive. */
const CONDITIONS: Readonly<Record<keyof EventFilter, string>> = {
  types: 'type IN (?)',
  streams: 'stream IN (?)',
  skus: 'stream IN (SELECT name FROM streams WHERE sku IN (?))',
  locations: 'stream IN (SELECT name FROM streams WHERE location IN (?))',
  reference: 'reference = ?',
  correlationId: 'correlation_id = ?',
  recordedFrom: 'recorded_at >= ?',
  recordedTo: 'recorded_at < ?',
  occurredFrom: 'occurred_at >= ?',
  occurredTo: 'occurred_at < ?',
}

/** Asks for one row more than the range does: it tells whether there is more. Undefined where nothing can be found. */
export function findQuery(filter: EventFilter, range: EventRange): FindQuery | undefined {
  const given = (Object.keys(CONDITIONS) as (keyof EventFilter)[]).flatMap((field) => {
    const value = filter[field]
    return value === undefined ? [] : [{ condition: CONDITIONS[field], value }]
  })
  if (given.some(({ value }) => Array.isArray(value) && value.length === 0)) return undefined
  const conditions = [...given.map(({ condition }) => condition), 'position > ?', ...(range.before === undefined ? [] : ['position < ?'])]
  const [order, count] = 'first' in range ? ['ASC', range.first] : ['DESC', range.last]
  return {
    sql: `SELECT position, line FROM events WHERE ${conditions.join(' AND ')} ORDER BY position ${order} LIMIT ?`,
    values: [...given.map(({ value }) => value), range.after ?? 0, ...(range.before === undefined ? [] : [range.before]), count + 1],
  }
}
