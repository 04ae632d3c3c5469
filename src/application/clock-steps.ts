import type { Clock, Logger } from './ports.ts'

export interface ClockStepsPorts {
  readonly clock: Clock
  /** Milliseconds that went by since any moment, whatever is done to the clock meanwhile. */
  elapsed(): number
  readonly logger: Pick<Logger, 'warn'>
}

/** Nobody corrects a clock that runs by more at once. */
const STEP_MS_MIN = 60_000
/** Long enough to notice a wrong clock and put it right. */
const GRACE_MS = 15 * 60_000

/**
 * Tells whether the clock may be believed in what can't be undone. Not where it has jumped ahead of the time that went
 * by, until it has stood there for a while: a clock that is set wrong, and put right, then ends nothing too soon.
 */
export function createClockSteps({ clock, elapsed, logger }: ClockStepsPorts): () => boolean {
  let offset = clock.now() - elapsed()
  let steppedAt: number | undefined

  return () => {
    const now = elapsed()
    const stepMs = clock.now() - now - offset
    if (Math.abs(stepMs) >= STEP_MS_MIN) {
      if (steppedAt === undefined) logger.warn({ stepMs, graceMs: GRACE_MS }, 'The clock has jumped: no reservation ends by it until it has stood there for a while.')
      steppedAt ??= now
      if (now - steppedAt < GRACE_MS) return stepMs < 0
    }
    offset += stepMs
    steppedAt = undefined
    return true
  }
}
