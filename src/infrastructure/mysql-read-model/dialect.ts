import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { searchedPhrase } from './words.ts'
import { type Dialect, isAfter, versionsJson, type WantedVersion } from '../read-model/dialect.ts'
import { searchedWords, skusFrom } from '../read-model/search.ts'

const TEXT = sql.raw('VARCHAR(256) CHARACTER SET utf8mb4')

/** Rows that are compared with one another are searched for from the start of an index: the bound on the first column spares that. */
const isBeyond: Dialect['isBeyond'] = (columns, direction, values) =>
  sql<SqlBool>`(${sql.ref(columns[0] ?? '')} ${sql.raw(direction === 'ASC' ? '>=' : '<=')} ${values[0]} and ${isAfter(columns, direction, values)})`

function matches(search: string): RawBuilder<SqlBool> {
  const bySku = skusFrom(search)
  const phrases = searchedWords(search).map(({ text, isStart }) => sql`instr(name_words, ${searchedPhrase(text, isStart)}) > 0`)
  if (phrases.length === 0) return sql<SqlBool>`sku in (${bySku})`
  return sql<SqlBool>`sku in (${bySku} union select sku from products where ${sql.join(phrases, sql` and `)})`
}

/** What MySQL and MariaDB both understand. */
export const mysql: Dialect = {
  isIn: (column, values) => (values.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${sql.ref(column)} in (${sql.join(values)})`),
  isBeyond,
  greatest: (one, other) => sql<number>`greatest(${one}, ${other})`,
  levels: (keys) => sql`select sku, location from json_table(${JSON.stringify(keys.map(({ sku, location }) => [sku, location]))}, '$[*]' columns (
    sku ${TEXT} path '$[0]', location ${TEXT} path '$[1]')) as wanted_levels`,
  versions: (keys) => sql<WantedVersion>`(select n - 1 as n, s, l, v from json_table(${versionsJson(keys)}, '$[*]' columns (
    n for ordinality, s ${TEXT} path '$[0]', l ${TEXT} path '$[1]', v int path '$[2]')) as wanted_versions)`,
  hasLineOf: (skus) => sql<SqlBool>`json_overlaps(json_extract(\`lines\`, '$[*].sku'), ${JSON.stringify(skus)})`,
  matches,
  byDue: sql`force index (reservations_due)`,
  materialized: sql``,
}
