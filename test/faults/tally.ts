/** What a test of faults counted. */
export interface Tally {
  /** How often the fault was brought about. */
  readonly cycles: number
  /** Commands that were answered as done. */
  readonly acknowledged: number
  /** Of those, how many are not there. */
  readonly lost: number
  /** Commands that took effect more than once. */
  readonly doubled: number
  /** Answers that said no: a refusal, UNAVAILABLE, or damage that was named. */
  readonly refused: number
  /** Each broken promise, as a sentence. */
  readonly violations: readonly string[]
  /** What was measured, as sentences with figures. */
  readonly figures?: readonly string[]
}

export const NOTHING: Tally = { cycles: 0, acknowledged: 0, lost: 0, doubled: 0, refused: 0, violations: [] }

export const sum = (tallies: readonly Tally[]): Tally => tallies.reduce((all, tally) => ({
  cycles: all.cycles + tally.cycles,
  acknowledged: all.acknowledged + tally.acknowledged,
  lost: all.lost + tally.lost,
  doubled: all.doubled + tally.doubled,
  refused: all.refused + tally.refused,
  violations: [...all.violations, ...tally.violations],
  figures: [...all.figures ?? [], ...tally.figures ?? []],
}), NOTHING)
