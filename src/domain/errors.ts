/**
 * Why a command could not be done. The codes are public: they are the contract's UserErrorCode.
 */
export const DOMAIN_ERROR_CODES = [
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'INVALID_INPUT',
  'INVALID_STATE',
  'INSUFFICIENT_STOCK',
  'VERSION_CONFLICT',
  'IDEMPOTENCY_KEY_REUSED',
  'LIMIT_EXCEEDED',
] as const

export type DomainErrorCode = (typeof DOMAIN_ERROR_CODES)[number]

/** What a client needs to react, as plain JSON: for INSUFFICIENT_STOCK, what was asked for and what there is. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * A refusal: the command is well understood and cannot be done. Whoever gets it knows that nothing happened.
 * `field` is the path into the command's input, outermost first.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly code: DomainErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    readonly field: readonly string[] = [],
  ) {
    super(message)
  }

  /** The same refusal, seen from the input that holds this one's input at `path`. */
  at(...path: readonly string[]): DomainError {
    return new DomainError(this.code, this.message, this.details, [...path, ...this.field])
  }

  /** The same refusal with more facts. */
  with(details: ErrorDetails): DomainError {
    return new DomainError(this.code, this.message, { ...this.details, ...details }, this.field)
  }
}

/** What the attempt gives; its refusal is seen from the input that holds this one's at `path`. */
export function within<Value>(path: readonly string[], attempt: () => Value): Value {
  try {
    return attempt()
  } catch (error) {
    throw error instanceof DomainError ? error.at(...path) : error
  }
}

/** Several refusals of one command, each with its own field. */
export class DomainErrors extends Error {
  override readonly name = 'DomainErrors'

  constructor(readonly errors: readonly DomainError[]) {
    super(errors.map((error) => error.message).join('; '))
  }
}

export const invalidInput = (field: string, message: string, details: ErrorDetails = {}): DomainError =>
  new DomainError('INVALID_INPUT', message, details, [field])
