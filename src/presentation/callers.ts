import { LRUCache } from 'lru-cache'
import { isIPv6 } from 'node:net'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Unauthenticated } from '../application/access/identity.ts'
import { rateLimited } from './graphql/limits/refusal.ts'
import type { CallerLimits } from './limits.ts'

/** Counts what each caller has open and asks. A caller is who is known by name, or else where it calls from. */
export interface Callers {
  /**
   * Finds out who asks from an address. Where that has failed too often, everybody there is refused with RATE_LIMITED and
   * when to come again, and nothing is looked at: looking is what would cost.
   */
  identify<Found>(address: string, find: () => Promise<Found>): Promise<Found>
  /** Throws RATE_LIMITED where the caller was refused too often, for as long as it is kept out. */
  letIn(caller: string): void
  /** Lets the caller in and takes a share of the requests of a second. Rejects with RATE_LIMITED and when to ask again. */
  request(caller: string): Promise<void>
  /** Counts what was too much or too wrong to be executed: once, and once more for each 8 KB of it, as that is what looking at it costs. */
  refused(caller: string, bytes: number): Promise<void>
  /** Takes a share of the work of a second: fields of answers. Rejects as request does. */
  work(caller: string, cost: number): Promise<void>
  /** Counts one more connection until it is let go. Undefined where the caller has as many as it may. */
  connect(caller: string): Release | undefined
  /** Counts one more subscription until it is let go. Throws RATE_LIMITED where the caller has as many as it may. */
  subscribe(caller: string): Release
}

/** However often it is called, it lets go once. */
export type Release = () => void

/** A burst may take the share of so many seconds at once. */
const WINDOW_SECONDS = 10
const REFUSED_BYTES = 8_192
/** Addresses that are kept out at a time; the one that came first is let in again before its time where there are more. */
const KEPT_OUT_MAX = 100_000

export function createCallers(limits: CallerLimits): Callers {
  const requests = perSecond(limits.requestsPerSecond, 'requests')
  const costs = perSecond(limits.costPerSecond, 'fields of answers')
  const refusals = keptOut(limits.refusalsPerSecond, 'requests')
  const connections = tally(limits.connectionsMax)
  const subscriptions = tally(limits.subscriptionsMax)
  return {
    identify: identification(limits.failedAuthenticationsPerSecond),
    letIn: refusals.check,
    async request(caller) {
      refusals.check(caller)
      await requests(caller, 1)
    },
    async refused(caller, bytes) { await refusals.count(caller, 1 + Math.floor(bytes / REFUSED_BYTES)) },
    work: costs,
    connect: connections,
    subscribe(caller) {
      const release = subscriptions(caller)
      if (release) return release
      throw rateLimited(`A caller has ${limits.subscriptionsMax} subscriptions at a time: end one first.`)
    },
  }
}

/** The name of who is authenticated, or the address that the connection comes from. */
export const callerId = (actor: string | undefined, address: string | undefined): string =>
  actor === undefined ? `address:${neighbourhood(address ?? '')}` : `actor:${actor}`

/** An IPv6 caller has all addresses of its /64. */
function neighbourhood(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  return [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail].slice(0, 4).join(':')
}

function identification(share: number): Callers['identify'] {
  const failures = keptOut(share, 'attempts to be known')
  return async (address, find) => {
    failures.check(address)
    try {
      return await find()
    } catch (error) {
      if (error instanceof Unauthenticated) await failures.count(address)
      throw error
    }
  }
}

/** Keeps out who is refused too often, until the time is over: to look at what they ask for is what would cost. */
function keptOut(share: number, what: string) {
  const refusals = new RateLimiterMemory({ points: share * WINDOW_SECONDS, duration: WINDOW_SECONDS })
  const out = new LRUCache<string, true>({ max: KEPT_OUT_MAX })
  return {
    /** Throws RATE_LIMITED. */
    check(key: string): void {
      if (!out.get(key)) return
      const waitMs = Math.ceil(out.getRemainingTTL(key))
      throw rateLimited(`Of your ${what} ${share} a second may be refused: go on in ${waitMs} ms.`, waitMs)
    },
    count: (key: string, points = 1): Promise<unknown> =>
      refusals.consume(key, points).catch((refusal: unknown) => { out.set(key, true, { ttl: Math.max(1, (refusal as RateLimiterRes).msBeforeNext) }) }),
  }
}

function perSecond(share: number, what: string): (caller: string, points: number) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: share * WINDOW_SECONDS, duration: WINDOW_SECONDS })
  return async (caller, points) => {
    try {
      await limiter.consume(caller, points)
    } catch (refusal) {
      const { msBeforeNext } = refusal as RateLimiterRes
      throw rateLimited(`A caller has ${share} ${what} a second: go on in ${msBeforeNext} ms.`, msBeforeNext)
    }
  }
}

function tally(max: number): (caller: string) => Release | undefined {
  const counts = new Map<string, number>()
  return (caller) => {
    const count = counts.get(caller) ?? 0
    if (count >= max) return undefined
    counts.set(caller, count + 1)
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const left = (counts.get(caller) ?? 1) - 1
      if (left === 0) counts.delete(caller)
      else counts.set(caller, left)
    }
  }
}
