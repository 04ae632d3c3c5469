import { isIPv6 } from 'node:net'
import type { RateLimiterRes } from 'rate-limiter-flexible'
import { Unauthenticated } from '../application/access/identity.ts'
import { type KeptOut, keptOut, overShare, refusalPoints, refusalsOf, type Release, tally, tooManySubscriptions, windowOf } from './caller-counts.ts'
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
  /** Counts one more subscription until it is let go. Throws or rejects with RATE_LIMITED where the caller has as many as it may. */
  subscribe(caller: string): Release | Promise<Release>
}

export function createCallers(limits: CallerLimits): Callers {
  const requests = perSecond(limits.requestsPerSecond, 'requests')
  const costs = perSecond(limits.costPerSecond, 'fields of answers')
  const out = keptOut(limits.refusalsPerSecond, 'requests')
  const refusals = refusalsOf(limits.refusalsPerSecond)
  const unknown = keptOut(limits.failedAuthenticationsPerSecond, 'attempts to be known')
  const failures = refusalsOf(limits.failedAuthenticationsPerSecond)
  const subscriptions = tally(limits.subscriptionsMax)
  return {
    identify: identification(unknown, async (address) => { unknown.keepOut(address, await failures(address)) }),
    letIn: out.check,
    async request(caller) {
      out.check(caller)
      await requests(caller, 1)
    },
    async refused(caller, bytes) { out.keepOut(caller, await refusals(caller, refusalPoints(bytes))) },
    work: costs,
    connect: tally(limits.connectionsMax),
    subscribe(caller) {
      const release = subscriptions(caller)
      if (release) return release
      throw tooManySubscriptions(limits.subscriptionsMax)
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

/** Counts those who fail to be known, and looks at nobody who is kept out. */
export const identification = ({ check }: Pick<KeptOut, 'check'>, count: (address: string) => Promise<void>): Callers['identify'] =>
  async (address, find) => {
    check(address)
    try {
      return await find()
    } catch (error) {
      if (error instanceof Unauthenticated) await count(address)
      throw error
    }
  }

function perSecond(share: number, what: string): (caller: string, points: number) => Promise<void> {
  const limiter = windowOf(share)
  return async (caller, points) => {
    try {
      await limiter.consume(caller, points)
    } catch (refusal) {
      throw overShare(share, what, (refusal as RateLimiterRes).msBeforeNext)
    }
  }
}
