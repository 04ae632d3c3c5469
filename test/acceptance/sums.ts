import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/**
 * What must be on hand, added up from the files themselves: one pass over the text, without the importer's reader,
 * mapping or rules. What was rejected is taken off again row by row.
 */
export interface Sale { readonly sku: string; readonly location: string; readonly delta: number; readonly at: number }

/** On hand by SKU and location, as JSON of the pair. */
export type Sums = ReadonlyMap<string, number>

export const keyOf = (sku: string, location: string): string => JSON.stringify([sku, location])

export function salesOf(files: readonly string[]): readonly Sale[] {
  return files.flatMap((file) => rowsOf(file.endsWith('.gz') ? gunzipSync(readFileSync(file)).toString() : readFileSync(file, 'utf8')))
}

/** The rows below the first line of a file whose columns are InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. */
function rowsOf(text: string): readonly Sale[] {
  return text.split('\n').slice(1).filter((line) => line.trim() !== '').map((line) => {
    const [, sku = '', , quantity = '', moment = '', , , location = ''] = fields(line.replace(/\r$/, ''))
    return { sku: sku.trim(), location: location.trim(), delta: -Number(quantity), at: Date.parse(`${moment.trim().replace(' ', 'T')}Z`) }
  })
}

/** Commas within quotes are no separators; the quotes themselves are of no concern here. */
function fields(line: string): readonly string[] {
  const parts: string[] = []
  let [part, isQuoted] = ['', false]
  for (const character of `${line},`) {
    if (character === '"') isQuoted = !isQuoted
    else if (character !== ',' || isQuoted) part += character
    else {
      parts.push(part)
      part = ''
    }
  }
  return parts
}

/** Of all that had happened by then; without a moment, of all. A pair is named where anything had happened. */
export function sumsOf(sales: readonly Sale[], rejected: readonly Sale[], until = Infinity): Sums {
  const sums = new Map<string, { quantity: number; rows: number }>()
  const add = ({ sku, location, delta, at }: Sale, sign: 1 | -1): void => {
    if (at > until) return
    const sum = sums.get(keyOf(sku, location)) ?? { quantity: 0, rows: 0 }
    sums.set(keyOf(sku, location), { quantity: sum.quantity + sign * delta, rows: sum.rows + sign })
  }
  for (const sale of sales) add(sale, 1)
  for (const sale of rejected) add(sale, -1)
  return new Map([...sums].filter(([, { rows }]) => rows > 0).map(([key, { quantity }]) => [key, quantity]))
}

/** Pairs that one has and the other has not, or with another quantity. */
export function differencesOf(found: Sums, wanted: Sums): readonly string[] {
  const keys = new Set([...found.keys(), ...wanted.keys()])
  return [...keys].filter((key) => found.get(key) !== wanted.get(key)).map((key) => `${key}: ${found.get(key) ?? 'not there'} instead of ${wanted.get(key) ?? 'not there'}`)
}

/** The last millisecond of each month that something was sold in. */
export function monthEnds(sales: readonly Sale[]): readonly number[] {
  const months = new Set(sales.map(({ at }) => new Date(at).toISOString().slice(0, 7)))
  return [...months].sort().map((month) => Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1) - 1)
}
