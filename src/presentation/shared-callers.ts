import { LRUCache } from 'lru-cache'
import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { keptOut, once, overShare, refusalPoints, refusalsOf, type Release, tally, tooManySubscriptions, WINDOW_SECONDS, windowOf } from './caller-counts.ts'
import { type Callers, identification } from './callers.ts'
import type { CallerLimits } from './limits.ts'

export type Share = 'requests' | 'costs'
export type Refused = 'requests' | 'identities'

/** A part of a caller's share: to be used up until the window ends. None where it is used up already. */
export interface Portion { readonly points: number; readonly endsInMs: number }

/** Counts callers for all processes of a server. */
export interface CallerCounts {
  /** So many points as are wanted, or what is left; none where that is less than is needed. */
  take(share: Share, caller: string, needed: number, wanted: number): Promise<Portion>
  /** Counts a refusal by its weight. Once there are too many: for how long to keep them out, in milliseconds. */
  refused(what: Refused, key: string, points: number): Promise<number | undefined>
  connect(caller: string): Release | undefined
  subscribe(caller: string): Release | undefined
}

export function createCallerCounts(limits: CallerLimits): CallerCounts {
  const windows: Readonly<Record<Share, RateLimiterMemory>> = { requests: windowOf(limits.requestsPerSecond), costs: windowOf(limits.costPerSecond) }
  const refusals: Readonly<Record<Refused, ReturnType<typeof refusalsOf>>> = {
    requests: refusalsOf(limits.refusalsPerSecond), identities: refusalsOf(limits.failedAuthenticationsPerSecond),
  }
  return {
    take: (share, caller, needed, wanted) => portionOf(windows[share], caller, needed, wanted),
    refused: (what, key, points) => refusals[what](key, points),
    connect: tally(limits.connectionsMax),
    subscribe: tally(limits.subscriptionsMax),
  }
}

async function portionOf(window: RateLimiterMemory, caller: string, needed: number, wanted: number): Promise<Portion> {
  const left = (await window.get(caller))?.remainingPoints ?? window.points
  const points = left < needed ? needed : Math.min(wanted, left)
  try {
    const { msBeforeNext } = await window.consume(caller, points)
    return { points, endsInMs: msBeforeNext }
  } catch (refusal) {
    return { points: 0, endsInMs: (refusal as RateLimiterRes).msBeforeNext }
  }
}

/** How a process that answers has its callers counted by the one that counts for all. */
export interface CountsElsewhere {
  take: CallerCounts['take']
  /** All processes are told where somebody is to be kept out. */
  refused(what: Refused, key: string, points: number): Promise<void>
  /** The number of the place; undefined where there is none. */
  subscribe(caller: string): Promise<number | undefined>
  letGo(place: number): void
}

export interface SharedCallers extends Callers {
  keepOut(what: Refused, key: string, ms: number): void
}

/** Of a share that is parted among processes, so much may stay unused: a sixteenth. */
const PORTIONS_EACH = 16
const CALLERS_MAX = 100_000

/** Callers of one of `processes`: what it counts, it counts for all. Connections are counted where they are taken. */
export function createSharedCallers(limits: CallerLimits, processes: number, counts: CountsElsewhere): SharedCallers {
  const out = { requests: keptOut(limits.refusalsPerSecond, 'requests'), identities: keptOut(limits.failedAuthenticationsPerSecond, 'attempts to be known') }
  const portions = (share: Share, perSecond: number, what: string) => inPortions({
    perSecond, what, size: Math.ceil(perSecond * WINDOW_SECONDS / (PORTIONS_EACH * processes)),
    take: (caller, needed, wanted) => counts.take(share, caller, needed, wanted),
  })
  const requests = portions('requests', limits.requestsPerSecond, 'requests')
  return {
    keepOut: (what, key, ms) => { out[what].keepOut(key, ms) },
    identify: identification(out.identities, (address) => counts.refused('identities', address, 1)),
    async request(caller) {
      out.requests.check(caller)
      await requests(caller, 1)
    },
    letIn: out.requests.check,
    refused: (caller, bytes) => counts.refused('requests', caller, refusalPoints(bytes)),
    work: portions('costs', limits.costPerSecond, 'fields of answers'),
    connect: () => () => undefined,
    async subscribe(caller) {
      const place = await counts.subscribe(caller)
      if (place === undefined) throw tooManySubscriptions(limits.subscriptionsMax)
      return once(() => { counts.letGo(place) })
    },
  }
}

interface Portions {
  readonly perSecond: number
  readonly what: string
  /** Of what is taken at a time. */
  readonly size: number
  take(caller: string, needed: number, wanted: number): Promise<Portion>
}

/** To ask for each request would cost more than to answer it: so a process takes a part of the caller's share at a time. */
function inPortions({ perSecond, what, size, take }: Portions): (caller: string, points: number) => Promise<void> {
  const held = new LRUCache<string, { points: number; readonly until: number }>({ max: CALLERS_MAX })
  const asking = new Map<string, Promise<void>>()

  function leftOf(caller: string): number {
    const portion = held.get(caller)
    return portion && performance.now() < portion.until ? portion.points : 0
  }

  function spend(caller: string, points: number): boolean {
    const portion = held.get(caller)
    if (!portion || portion.points < points || performance.now() >= portion.until) return false
    portion.points -= points
    return true
  }

  async function ask(caller: string, points: number): Promise<void> {
    const taken = await take(caller, points, Math.max(points, size))
    if (taken.points === 0) throw overShare(perSecond, what, taken.endsInMs)
    held.set(caller, { points: leftOf(caller) + taken.points, until: performance.now() + taken.endsInMs })
  }

  return async (caller, points) => {
    while (!spend(caller, points)) {
      const other = asking.get(caller)
      // Who comes meanwhile may have of it, and asks for more where that is not enough: many at once must not take it all.
      if (other) await other.catch(() => undefined)
      else {
        const mine = ask(caller, points).finally(() => { asking.delete(caller) })
        asking.set(caller, mine)
        await mine
      }
    }
  }
}
