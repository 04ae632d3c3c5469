import { DomainError, DomainErrors, type ErrorDetails } from '../../domain/errors.ts'

/** Gathers what is wrong with each line of a command, so that all of it is told at once. */
export class Refusals {
  readonly #found: DomainError[] = []

  /** Undefined where the attempt was refused: the refusal is kept, seen from the input that holds this one's at `path`. */
  attempt<Value>(path: readonly string[], act: () => Value, details: ErrorDetails = {}): Value | undefined {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.#found.push(error.at(...path).with(details))
      return undefined
    }
  }

  attemptLine<Value>(index: number, act: () => Value): Value | undefined {
    return this.attempt(['lines', String(index)], act)
  }

  /** In the order of the lines. */
  throwAny(): void {
    if (this.#found.length === 0) return
    throw new DomainErrors(this.#found.toSorted((a, b) => Number(a.field[1] ?? 0) - Number(b.field[1] ?? 0)))
  }
}
