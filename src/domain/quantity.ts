import { DomainError, invalidInput } from './errors.ts'

declare const quantity: unique symbol

/**
 * A number of a product's smallest units: whole, and from -(2^53 - 1) to 2^53 - 1, where doubles are exact.
 * Made and combined only by the functions of the same name, so that a wrong sum can't be stored.
 */
export type StockQuantity = number & { readonly [quantity]: true }

const isSafe = (value: number): value is StockQuantity => Number.isSafeInteger(value)

function checked(value: number): StockQuantity {
  if (isSafe(value)) return value === 0 ? (0 as StockQuantity) : value
  throw new DomainError('LIMIT_EXCEEDED', 'The quantity would leave the range of ±9007199254740991.', { max: Number.MAX_SAFE_INTEGER })
}

export const StockQuantity = {
  zero: 0 as StockQuantity,

  /** INVALID_INPUT where the value is no whole number within the range. */
  of(value: number, field = 'quantity'): StockQuantity {
    if (isSafe(value)) return checked(value)
    throw invalidInput(field, `${field} must be a whole number within ±9007199254740991.`)
  },

  /** INVALID_INPUT where the value is under `min` or no quantity at all. */
  atLeast(min: number, value: number, field = 'quantity'): StockQuantity {
    const result = StockQuantity.of(value, field)
    if (result >= min) return result
    throw invalidInput(field, `${field} must be ${min} or more.`, { min })
  },

  /** LIMIT_EXCEEDED on overflow, as for all arithmetic here. */
  add: (a: StockQuantity, b: StockQuantity): StockQuantity => checked(a + b),
  subtract: (a: StockQuantity, b: StockQuantity): StockQuantity => checked(a - b),
} as const
