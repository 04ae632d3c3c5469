import type { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { rateLimited } from './graphql/limits/refusal.ts'

/** However often it is called, it lets go once. */
export type Release = () => void

/** A burst may take the share of so many seconds at once. */
export const WINDOW_SECONDS = 10
/** Addresses that are kept out at a time; the one that came first is let in again before its time where there are more. */
const KEPT_OUT_MAX = 100_000

export const windowOf = (perSecond: number): RateLimiterMemory => new RateLimiterMemory({ points: perSecond * WINDOW_SECONDS, duration: WINDOW_SECONDS })

export const overShare = (share: number, what: string, waitMs: number): GraphQLError =>
  rateLimited(`A caller has ${share} ${what} a second: go on in ${waitMs} ms.`, waitMs)

export const tooManySubscriptions = (max: number): GraphQLError => rateLimited(`A caller has ${max} subscriptions at a time: end one first.`)

/** Who was refused too often. */
export interface KeptOut {
  /** Throws RATE_LIMITED where they are kept out. */
  check(key: string): void
  /** For so many milliseconds; not at all where there are none. */
  keepOut(key: string, ms: number | undefined): void
}

/** Keeps out who is refused too often, until the time is over: to look at what they ask for is what would cost. */
export function keptOut(share: number, what: string): KeptOut {
  const out = new LRUCache<string, true>({ max: KEPT_OUT_MAX })
  return {
    check(key) {
      if (!out.get(key)) return
      const waitMs = Math.ceil(out.getRemainingTTL(key))
      throw rateLimited(`Of your ${what} ${share} a second may be refused: go on in ${waitMs} ms.`, waitMs)
    },
    keepOut(key, ms) { if (ms !== undefined) out.set(key, true, { ttl: Math.max(1, ms) }) },
  }
}

/** So large a request counts as one more. */
const REFUSED_BYTES = 8_192

export const refusalPoints = (bytes: number): number => 1 + Math.floor(bytes / REFUSED_BYTES)

/** Counts a refusal, as one unless told. Once there are too many: for how long to keep them out, in milliseconds. */
export function refusalsOf(share: number): (key: string, points?: number) => Promise<number | undefined> {
  const refusals = windowOf(share)
  return (key, points = 1) => refusals.consume(key, points).then(() => undefined, (refusal: unknown) => (refusal as RateLimiterRes).msBeforeNext)
}

/** Counts what is there at a time; undefined where that is as much as may be. */
export function tally(max: number): (caller: string) => Release | undefined {
  const counts = new Map<string, number>()
  return (caller) => {
    const count = counts.get(caller) ?? 0
    if (count >= max) return undefined
    counts.set(caller, count + 1)
    return once(() => {
      const left = (counts.get(caller) ?? 1) - 1
      if (left === 0) counts.delete(caller)
      else counts.set(caller, left)
    })
  }
}

export function once(release: Release): Release {
  let isHeld = true
  return () => {
    if (!isHeld) return
    isHeld = false
    release()
  }
}
