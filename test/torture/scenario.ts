import type { Tally } from '../faults/tally.ts'

/** One row of the table. */
export interface Scenario {
  readonly name: string
  /** How many cycles it has in a whole run; a part of a run has a part of them. */
  readonly cycles: number
  /** Why it can't be run on this machine; undefined where it can. */
  hindrance?(): string | undefined
  /** Throws, or tells of violations, where a promise is broken. */
  run(cycles: number, seed: number): Promise<Tally>
}
