import type { Movement } from '../../application/commands/types.ts'

/** A row that the store did not take. */
export interface Refusal {
  /** Of the movement in its batch. */
  readonly index: number
  readonly code: string
  readonly message: string
}

export interface Batch {
  readonly movements: readonly Movement[]
  readonly errorPolicy: 'ALL_OR_NOTHING' | 'SKIP_FAILED'
  readonly dryRun: boolean
  /** The idempotency key, and the correlation id of all events of the batch. */
  readonly key: string
}

/** `keyTaken`: the key was used for a batch of the other error policy. `isRepeat`: it was done before, and this is its first answer. */
export type Outcome =
  | { readonly kind: 'applied'; readonly refusals: readonly Refusal[]; readonly isRepeat: boolean }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'keyTaken' }

export interface NewProduct { readonly sku: string; readonly name: string }
export interface Level { readonly sku: string; readonly location: string }

/** Where an import goes to. What makes something answers whether it did: a refusal is false. All reject where the target is away. */
export interface ImportTarget {
  /** Those that are not there. */
  unknownProducts(skus: readonly string[]): Promise<readonly string[]>
  unknownLocations(codes: readonly string[]): Promise<readonly string[]>
  registerProduct(product: NewProduct, importKey: string): Promise<boolean>
  openLocation(code: string, importKey: string): Promise<boolean>
  /** Lets the stock level go below zero. */
  allowNegative(level: Level, importKey: string): Promise<boolean>
  /** Those of the levels that may not go below zero yet. */
  strictLevels(levels: readonly Level[]): Promise<readonly Level[]>
  apply(batch: Batch): Promise<Outcome>
  /** Whether a batch of this key has left events. */
  isDone(key: string): Promise<boolean>
  close(): Promise<void>
}

interface UserError {
  readonly code: string
  readonly message: string
  /** From `movements` on. */
  readonly field: readonly string[]
}

/** Refused rows name themselves; a refusal of the whole batch is an error of ours. */
export function outcomeOf(errors: readonly UserError[], isApplied: boolean, isRepeat: boolean): Outcome {
  const [first] = errors
  if (first?.code === 'IDEMPOTENCY_KEY_REUSED') return { kind: 'keyTaken' }
  const refusals = errors.map(({ code, message, field }) => {
    const index = field[0] === 'movements' ? Number(field[1]) : NaN
    if (Number.isNaN(index)) throw new Error(`A batch of the import was refused: ${message}`)
    return { index, code, message }
  })
  return isApplied ? { kind: 'applied', refusals, isRepeat } : { kind: 'refused', refusals }
}
