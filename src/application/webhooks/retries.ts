/** When a delivery is tried again: pure. All spans are milliseconds. */
import type { AttemptOutcome } from '../observer.ts'
import type { DeliveryOutcome, Health } from './ports.ts'

export interface RetryPolicy {
  /** The longest wait after the first failure; it doubles with each further one. */
  readonly baseMs: number
  readonly waitMsMax: number
  /** An endpoint that has failed for so long is given up on, event by event. */
  readonly retryForMs: number
  /** No endpoint can ask to be left alone for longer. */
  readonly retryAfterMsMax: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const RETRIES: RetryPolicy = { baseMs: 5_000, waitMsMax: HOUR, retryForMs: 3 * DAY, retryAfterMsMax: DAY }

export interface Attempt {
  readonly health: Health
  readonly outcome: DeliveryOutcome
  readonly now: number
  /** From 0 inclusive to 1 exclusive. */
  readonly random: number
}

/** GONE: the endpoint wants no more. FAILED: it is given up on, and the next delivery has its turn. */
export interface Verdict {
  readonly status: 'DELIVERED' | 'PENDING' | 'FAILED' | 'GONE'
  readonly health: Health
}

const WELL: Health = { failures: 0, failingSince: null, restsUntil: 0 }
const GONE = 410

/** What an attempt makes of its delivery, and of its endpoint. */
export function judge({ health, outcome, now, random }: Attempt, policy: RetryPolicy = RETRIES): Verdict {
  if (outcome.error === undefined) return { status: 'DELIVERED', health: WELL }
  const failures = health.failures + 1
  const failingSince = health.failingSince ?? now
  if (outcome.statusCode === GONE) return { status: 'GONE', health: { failures, failingSince, restsUntil: 0 } }
  const waitMs = Math.max(backOff(failures, random, policy), Math.min(outcome.retryAfterMs ?? 0, policy.retryAfterMsMax))
  const status = now - failingSince >= policy.retryForMs ? 'FAILED' : 'PENDING'
  return { status, health: { failures, failingSince, restsUntil: now + waitMs } }
}

/** For whoever counts attempts. */
export function nameOf({ error, statusCode }: DeliveryOutcome): AttemptOutcome {
  if (error === undefined) return 'delivered'
  if (statusCode === null) return 'unanswered'
  return statusCode === GONE ? 'gone' : 'refused'
}

/** Exponential with full jitter: anything up to the doubled wait, so that endpoints which failed together don't come back together. */
export const backOff = (failures: number, random: number, { baseMs, waitMsMax }: RetryPolicy = RETRIES): number =>
  Math.floor(random * Math.min(waitMsMax, baseMs * 2 ** (failures - 1)))
