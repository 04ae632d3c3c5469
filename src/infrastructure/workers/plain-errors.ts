import { type PlainRefusal, plainRefusal, refusalOf } from '../../application/plain-refusal.ts'
import { Unavailable } from '../../application/ports.ts'
import { InvalidCursor } from '../../application/read-model.ts'
import { DomainError, DomainErrors } from '../../domain/errors.ts'

/** An error as plain data, so that the other process can throw the same. */
export type PlainError =
  | { readonly kind: 'refusal'; readonly refusal: PlainRefusal }
  | { readonly kind: 'refusals'; readonly errors: readonly PlainRefusal[] }
  | { readonly kind: 'unavailable'; readonly message: string; readonly retryAfterMs: number }
  | { readonly kind: 'cursor'; readonly message: string }
  | { readonly kind: 'other'; readonly message: string; readonly stack: string | undefined }

export function plainError(error: unknown): PlainError {
  if (error instanceof DomainError) return { kind: 'refusal', refusal: plainRefusal(error) }
  if (error instanceof DomainErrors) return { kind: 'refusals', errors: error.errors.map(plainRefusal) }
  if (error instanceof Unavailable) return { kind: 'unavailable', message: error.message, retryAfterMs: error.retryAfterMs }
  if (error instanceof InvalidCursor) return { kind: 'cursor', message: error.message }
  return error instanceof Error ? { kind: 'other', message: error.message, stack: error.stack } : { kind: 'other', message: String(error), stack: undefined }
}

export function errorOf(plain: PlainError): Error {
  switch (plain.kind) {
    case 'refusal': return refusalOf(plain.refusal)
    case 'refusals': return new DomainErrors(plain.errors.map(refusalOf))
    case 'unavailable': return new Unavailable(plain.message, plain.retryAfterMs)
    case 'cursor': return new InvalidCursor(plain.message)
    case 'other': return Object.assign(new Error(plain.message), plain.stack !== undefined && { stack: plain.stack })
  }
}
