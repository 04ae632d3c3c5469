import { invalidInput } from './errors.ts'

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u
const CONTROL_BUT_LINES = /(?![\r\n\t])[\p{Cc}\p{Cs}\p{Cn}]/u

/** A SKU or a location's code: 1 to 64 printable characters, no space at either end, case-sensitive. */
export const identifier = (value: string, field: string): string => {
  if (value.length >= 1 && value.length <= 64 && value.trim() === value && !UNPRINTABLE.test(value)) return value
  throw invalidInput(field, `${field} must be 1 to 64 printable characters without a space at either end.`, { max: 64 })
}

/** A name that people read: 1 to 200 printable characters, no space at either end. */
export const displayName = (value: string, field = 'name'): string => {
  if (value.length >= 1 && value.length <= 200 && value.trim() === value && !UNPRINTABLE.test(value)) return value
  throw invalidInput(field, `${field} must be 1 to 200 printable characters without a space at either end.`, { max: 200 })
}

/** One line for a document's number or the like: 1 to `max` printable characters. */
export const line = (value: string, field: string, max: number): string => {
  if (value.length >= 1 && value.length <= max && !UNPRINTABLE.test(value)) return value
  throw invalidInput(field, `${field} must be 1 to ${max} printable characters.`, { max })
}

/** Free text of some lines: 1 to `max` characters, no control characters but line breaks and tabs. */
export const prose = (value: string, field: string, max: number): string => {
  if (value.length >= 1 && value.length <= max && !CONTROL_BUT_LINES.test(value)) return value
  throw invalidInput(field, `${field} must be 1 to ${max} characters without control characters.`, { max })
}
