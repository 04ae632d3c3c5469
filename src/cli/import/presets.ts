import type { Mapping } from './mapping.ts'

/** A value of a row by its column's name, without space at its ends. */
export type Cell = (column: string) => string

/** Why rows can't be used: `cause` counts them, `reason` stands beside each. */
export interface Rejection {
  readonly cause: string
  readonly reason: string
  /** The row is fine and no movement of stock: it doesn't count as an error. */
  readonly isByRule?: boolean
}

/** What is known about the files of one source. */
export interface Preset {
  readonly map: Mapping
  /** Columns that the rules look at beside the mapped ones. */
  readonly columns: readonly string[]
  readonly reject: readonly ({ readonly when: (cell: Cell) => boolean } & Rejection)[]
  /** The first that fits. */
  readonly reasons: readonly { readonly when: (cell: Cell) => boolean; readonly reason: string }[]
  /** Whether the column of the name holds one in this row, and not a remark. */
  readonly isNamed: (cell: Cell) => boolean
}

const isBelowZero = (text: string): boolean => text.startsWith('-')

/**
 * Sales of a British shop, an invoice line a row; UCI Machine Learning Repository. Quantity is what was sold. Goods
 * have a code that begins with five digits, or with DCGS; the rest is postage, carriage, fees, discounts, samples,
 * vouchers and manual entries. Rows without a price are corrections by hand, and what stands for the name is a remark.
 */
const onlineRetail: Preset = {
  map: { sku: 'StockCode', location: 'Country', delta: '-Quantity', name: 'Description', reference: 'InvoiceNo', occurredAt: 'InvoiceDate' },
  columns: ['UnitPrice'],
  reject: [
    {
      when: (cell) => !/^(\d{5}|DCGS)/.test(cell('StockCode')),
      cause: 'no goods',
      isByRule: true,
      reason: 'no goods: postage, a fee, a discount, a voucher or another entry without stock',
    },
  ],
  reasons: [
    { when: (cell) => cell('InvoiceNo').startsWith('C'), reason: 'RETURNED' },
    { when: (cell) => isBelowZero(cell('Quantity')) || Number(cell('UnitPrice')) === 0, reason: 'OTHER' },
    { when: () => true, reason: 'SOLD' },
  ],
  isNamed: (cell) => Number(cell('UnitPrice')) !== 0,
}

export const PRESETS: ReadonlyMap<string, Preset> = new Map([['online-retail', onlineRetail]])
