/**
 * For each key the last position that touched it: what was read before that is not to be believed. Keys beyond
 * the bound are forgotten, the longest untouched first, and then count as touched when the last forgotten one was.
 */
export class Floors {
  /** From the longest untouched to the last touched. */
  readonly #touched = new Map<string, number>()

  /** `least`: all may have been touched up to there. */
  constructor(private least: number, private readonly keysMax: number) {}

  of(key: string): number {
    return this.#touched.get(key) ?? this.least
  }

  /** Positions come in log order. */
  raise(key: string, position: number): void {
    this.#touched.delete(key)
    this.#touched.set(key, position)
    if (this.#touched.size <= this.keysMax) return
    for (const [oldest, floor] of this.#touched) {
      this.#touched.delete(oldest)
      this.least = floor
      return
    }
  }

  raiseAll(position: number): void {
    this.#touched.clear()
    this.least = position
  }
}
