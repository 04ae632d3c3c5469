import type { Clock } from '../ports.ts'

/** A step of the clock is seen after so long at the latest. */
const LOOK_MS = 60_000

/** Somebody who sleeps until a moment, or until it rings. */
export class Alarm {
  #hasRung = false
  #wake: () => void = () => undefined

  constructor(private readonly clock: Clock) {}

  ring(): void {
    this.#hasRung = true
    this.#wake()
  }

  /** Resolves when it rings, or rang since the last wait, and at the moment; also before: whoever waits looks again. */
  async wait(until = Infinity): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        timer = setTimeout(resolve, Math.min(Math.max(0, until - this.clock.now()), LOOK_MS))
      })
    }
    clearTimeout(timer)
    this.#hasRung = false
  }
}
