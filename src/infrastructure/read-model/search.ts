import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Dialect } from './dialect.ts'
import { folded } from './rows.ts'

/** More words than anyone types: SQLite refuses a query that is nested too deep. */
const WORDS_MAX = 16

/** No SKU holds it, and none sorts after it. */
const LAST_CHARACTER = '\u{10FFFF}'

/** Blank text is the start of every SKU. */
export const searched = (dialect: Pick<Dialect, 'matches'>, search = ''): RawBuilder<SqlBool> | undefined =>
  (search.trim() === '' ? undefined : dialect.matches(search.trim()))

/** SKUs of products whose SKU begins with the text, whatever its case. */
export function skusFrom(text: string): RawBuilder<unknown> {
  const start = folded(text)
  return sql`select sku from products where sku_folded >= ${start} and sku_folded < ${start + LAST_CHARACTER}`
}

/** By SQLite's own index of words. */
export function matchesIndexed(search: string): RawBuilder<SqlBool> {
  const bySku = skusFrom(search)
  const words = nameQuery(search)
  if (words === '') return sql<SqlBool>`sku in (${bySku})`
  const byName = sql`select products.sku from product_names join products on products.id = product_names.rowid where product_names match ${words}`
  return sql<SqlBool>`sku in (${bySku} union ${byName})`
}

/** Each word quoted, so that nothing in it is an operator. */
const nameQuery = (search: string): string => searchedWords(search).map(({ text, isStart }) => `"${text.replaceAll('"', '""')}"${isStart ? '*' : ''}`).join(' ')

/**
 * Words without a letter or digit are in no name's index; one that ends in punctuation is a whole word, and not the
 * start of one.
 */
export const searchedWords = (search: string): readonly { readonly text: string, readonly isStart: boolean }[] =>
  search.split(/\s+/u)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
    .slice(0, WORDS_MAX)
    .map(text => ({ text, isStart: /[\p{L}\p{N}\p{M}]$/u.test(text) }))
