/**
 * For each key the last position that touched it: what was read before that is not to be believed. Keys beyond
 * the bound are forgotten, half of them at a time and the longest untouched first, and then count as touched when the
 * last forgotten one was.
 */
export class Floors {
  #recent = new Map<string, number>()
  #earlier = new Map<string, number>()
  /** The last that touched anything, and the last that touched what stands in `#earlier`. */
  #last: number
  #lastEarlier: number

  /** `least`: all may have been touched up to there. */
  constructor(private least: number, private readonly keysMax: number) {
    this.#last = least
    this.#lastEarlier = least
  }

  of(key: string): number {
    return this.#recent.get(key) ?? this.#earlier.get(key) ?? this.least
  }

  /** Positions come in log order. */
  raise(key: string, position: number): void {
    if (this.#recent.size >= this.keysMax / 2) this.#forgetEarlier()
    this.#recent.set(key, position)
    this.#last = position
  }

  raiseAll(position: number): void {
    this.#recent.clear()
    this.#earlier.clear()
    this.least = this.#last = this.#lastEarlier = position
  }

  #forgetEarlier(): void {
    this.least = this.#lastEarlier
    this.#earlier = this.#recent
    this.#lastEarlier = this.#last
    this.#recent = new Map()
  }
}
