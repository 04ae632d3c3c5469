import { DomainError, type DomainErrorCode, type ErrorDetails } from '../domain/errors.ts'

/** A refusal as plain data: for the log, another process or another node. */
export interface PlainRefusal {
  readonly code: DomainErrorCode
  readonly message: string
  readonly details: ErrorDetails
  readonly field: readonly string[]
}

export const plainRefusal = ({ code, message, details, field }: DomainError): PlainRefusal => ({ code, message, details, field })

export const refusalOf = ({ code, message, details, field }: PlainRefusal): DomainError => new DomainError(code, message, details, field)
