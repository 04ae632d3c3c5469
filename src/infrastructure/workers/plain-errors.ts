import { Unavailable } from '../../application/ports.ts'
import { InvalidCursor } from '../../application/read-model.ts'
import { DomainError, type DomainErrorCode, DomainErrors, type ErrorDetails } from '../../domain/errors.ts'

export interface PlainRefusal {
  readonly kind: 'refusal'
  readonly code: DomainErrorCode
  readonly message: string
  readonly details: ErrorDetails
  readonly field: readonly string[]
}

/** An error as plain data, so that the other process can throw the same. */
export type PlainError =
  | PlainRefusal
  | { readonly kind: 'refusals'; readonly errors: readonly PlainRefusal[] }
  | { readonly kind: 'unavailable'; readonly message: string; readonly retryAfterMs: number }
  | { readonly kind: 'cursor'; readonly message: string }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | undefined }

export const plainRefusal = ({ code, message, details, field }: DomainError): PlainRefusal => ({ kind: 'refusal', code, message, details, field })

export const refusalOf = ({ code, message, details, field }: PlainRefusal): DomainError => new DomainError(code, message, details, field)

export function plainError(error: unknown): PlainError {
  if (error instanceof DomainError) return plainRefusal(error)
  if (error instanceof DomainErrors) return { kind: 'refusals', errors: error.errors.map(plainRefusal) }
  if (error instanceof Unavailable) return { kind: 'unavailable', message: error.message, retryAfterMs: error.retryAfterMs }
  if (error instanceof InvalidCursor) return { kind: 'cursor', message: error.message }
  return error instanceof Error ? { kind: 'other', message: error.message, stack: error.stack } : { kind: 'other', message: String(error), stack: undefined }
}

export function errorOf(plain: PlainError): Error {
  switch (plain.kind) {
    case 'refusal': return refusalOf(plain)
    case 'refusals': return new DomainErrors(plain.errors.map(refusalOf))
    case 'unavailable': return new Unavailable(plain.message, plain.retryAfterMs)
    case 'cursor': return new InvalidCursor(plain.message)
    case 'other': return Object.assign(new Error(plain.message), plain.stack !== undefined && { stack: plain.stack })
  }
}
