import { InvalidCursor } from '../../application/read-model.ts'

export type KeyValue = string | number

/** A row's place in a list: the values of the columns that the list is ordered by. */
export interface Order {
  /** Which list and order the cursors are of: those of another one are refused. */
  readonly name: string
  readonly columns: Readonly<Record<string, 'string' | 'number'>>
}

export function cursorOf({ name, columns }: Order, row: object): string {
  const values = Object.keys(columns).map(column => (row as Record<string, KeyValue>)[column])
  return Buffer.from(JSON.stringify([name, ...values])).toString('base64url')
}

export function readCursor({ name, columns }: Order, cursor: string): readonly KeyValue[] {
  const [of, ...values] = parse(cursor)
  const types = Object.values(columns)
  if (of === name && values.length === types.length && values.every((value, i) => typeof value === types[i])) return values as KeyValue[]
  throw invalid(cursor)
}

function parse(cursor: string): readonly unknown[] {
  try {
    const bytes = Buffer.from(cursor, 'base64url')
    const value: unknown = JSON.parse(bytes.toString())
    // Buffer passes over what isn't base64url.
    if (Array.isArray(value) && bytes.toString('base64url') === cursor) return value
  } catch (cause) {
    throw invalid(cursor, { cause })
  }
  throw invalid(cursor)
}

const invalid = (cursor: string, options?: ErrorOptions): InvalidCursor =>
  new InvalidCursor(`${cursor.slice(0, 100)} is no cursor of this list in this order.`, options)
