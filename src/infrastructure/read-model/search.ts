import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { folded } from './rows.ts'

/** More words than anyone types: SQLite refuses a query that is nested too deep. */
const WORDS_MAX = 16

/** No SKU holds it, and none sorts after it. */
const LAST_CHARACTER = '\u{10FFFF}'

/** Blank text is the start of every SKU. */
export const searched = (search = ''): RawBuilder<SqlBool> | undefined => (search.trim() === '' ? undefined : matches(search.trim()))

/** Rows whose `sku` begins with the text, or is a product's whose name has words that begin with those of the text. */
function matches(search: string): RawBuilder<SqlBool> {
  const start = folded(search)
  const bySku = sql`select sku from products where sku_folded >= ${start} and sku_folded < ${start + LAST_CHARACTER}`
  const words = nameQuery(search)
  if (words === '') return sql<SqlBool>`sku in (${bySku})`
  const byName = sql`select products.sku from product_names join products on products.id = product_names.rowid where product_names match ${words}`
  return sql<SqlBool>`sku in (${bySku} union ${byName})`
}

/**
 * Each word quoted, so that nothing in it is an operator. Words without a letter or digit are in no name's index;
 * one that ends in punctuation is a whole word, and not the start of one.
 */
const nameQuery = (search: string): string =>
  search.split(/\s+/u)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
    .slice(0, WORDS_MAX)
    .map(word => `"${word.replaceAll('"', '""')}"${/[\p{L}\p{N}\p{M}]$/u.test(word) ? '*' : ''}`)
    .join(' ')
