import type { Clock } from '../../application/ports.ts'

export interface ManualClock extends Clock {
  set(time: number): void
  advance(milliseconds: number): void
}

/** A clock that stands still until it is moved, and may be moved back. */
export function createManualClock(time = Date.UTC(2026, 0, 1)): ManualClock {
  return {
    now: () => time,
    set: (to) => { time = to },
    advance: (milliseconds) => { time += milliseconds },
  }
}
