import { isAway } from './failures.ts'
import { Floors } from './floors.ts'
import { type AnswerSource, type Observer, unobserved } from './observer.ts'
import { type Breaker, type Cache, type Clock, Unavailable } from './ports.ts'
import type { At } from './views.ts'

/** Where a part of an answer is kept. */
export interface Slot {
  readonly key: string
  /** What changes the part when it is touched. */
  readonly restsOn: readonly string[]
  /** Whether a value that was found there can be such a part at all. */
  fits(value: unknown): boolean
}

/** A value that the log has changed: the new one is right from this position on. */
export interface Change {
  readonly key: string
  readonly position: number
  readonly value: unknown
}

interface Entry {
  readonly tag: string
  /** The position of the log that the value shows. */
  readonly position: number
  readonly cachedAt: number
  readonly value: unknown
}

export interface AnswerCachePorts {
  readonly cache: Cache
  readonly clock: Clock
  /** Around whoever is asked. */
  readonly breaker: Breaker
  /** How long an answer is given without asking again. Past it, it is kept for when nobody can be asked. */
  readonly ttlMs: number
  readonly logId: string
  /** Since when the log has more than is projected, where it has: then no answer is of now. Milliseconds since 1970. */
  behindSince(): number | undefined
  /** Up to where all was projected before the first `changed`. */
  readonly position: number
  readonly observer?: Pick<Observer, 'answer'>
  /** Up to where all is projected, where another process does it: what it has changed may not be told of here yet. */
  projected?(): number
}

/** Of how many keys it is known one by one when they changed. */
const FLOORS_MAX = 100_000

/** Raised when what is kept changes its shape: entries of others are passed over. */
const FORMAT = 1

/**
 * Answers and the positions that they show. One is used only where it is not older than the last change of
 * anything that it rests on: so it doesn't matter when it was put there, nor by whom, nor in which order.
 */
export class AnswerCache {
  readonly #tag: string
  readonly #floors: Floors
  readonly #observer: Pick<Observer, 'answer'>
  #position: number

  constructor(private readonly ports: AnswerCachePorts) {
    this.#tag = `${FORMAT} ${ports.logId}`
    this.#floors = new Floors(ports.position, FLOORS_MAX)
    this.#position = ports.position
    this.#observer = ports.observer ?? unobserved
  }

  /** All parts from the cache, or all of them from `ask`: so that an answer shows one position. */
  async answer<Value>(slots: readonly Slot[], ask: () => Promise<At<readonly Value[]>>): Promise<At<readonly Value[]>> {
    const entries = this.#peeked(slots) ?? await this.#entries(slots)
    // Nothing has touched them since, so they show the present position as well as their own.
    if (!this.#isBehind() && this.#areCurrent(slots, entries)) {
      return this.#told('cache', { value: valuesOf(entries) as readonly Value[], position: this.#position, ...this.#staleness(this.ports.behindSince()) })
    }
    try {
      const answer = await this.#asked(ask)
      this.#keep(slots, answer)
      return answer
    } catch (error) {
      if (!isAway(error)) throw error
      if (areComplete(entries)) {
        const position = Math.min(...entries.map((entry) => entry.position))
        const since = Math.min(...entries.map(({ cachedAt }) => cachedAt), this.ports.behindSince() ?? Infinity)
        return this.#told('stale', { value: valuesOf(entries) as readonly Value[], position, ...this.#staleness(since) })
      }
      throw unavailable(error)
    }
  }

  /** One that is not kept. Unavailable where nobody can be asked. */
  async fresh<Value>(ask: () => Promise<At<Value>>): Promise<At<Value>> {
    try {
      return await this.#asked(ask)
    } catch (error) {
      throw isAway(error) ? unavailable(error) : error
    }
  }

  async #asked<Answer extends At<unknown>>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = await this.ports.breaker.run(ask)
    return this.#told('store', answer.stale ? answer : { ...answer, ...this.#staleness(this.ports.behindSince()) })
  }

  /** `since`: when it was last known to be right, where that is over. A clock that was set back makes nothing younger than now. */
  #staleness(since: number | undefined): Pick<At<unknown>, 'stale' | 'ageMs'> {
    return since === undefined ? { stale: false } : { stale: true, ageMs: Math.max(0, this.ports.clock.now() - since) }
  }

  /** One part of an answer, where it is at hand and current or can be asked for without waiting; undefined where it can't. */
  now(slot: Slot, ask?: () => At<unknown>): At<unknown> | undefined {
    const { cache, clock, behindSince } = this.ports
    if (!cache.peek || behindSince() !== undefined) return undefined
    const found = cache.peek(slot.key)
    const entry = this.#isOurs(found) && slot.fits(found.value) ? found : undefined
    if (this.#isBehind() || !this.#isCurrent(slot, entry, clock.now())) return ask && this.#askedNow(slot, ask)
    return this.#told('cache', { value: entry.value, position: this.#position, stale: false })
  }

  /** Undefined where it fails: who may wait asks again, and knows what there is instead. */
  #askedNow(slot: Slot, ask: () => At<unknown>): At<unknown> | undefined {
    try {
      const answer = this.ports.breaker.runNow(ask)
      this.#keep([slot], { ...answer, value: [answer.value] })
      return this.#told('store', answer)
    } catch {
      return undefined
    }
  }

  #told<Answer extends At<unknown>>(from: AnswerSource, answer: Answer): Answer {
    this.#observer.answer(answer.stale ? 'stale' : from)
    return answer
  }

  /** The log has gone on from the position `after` to `position`, and has touched these keys. */
  advance(after: number, position: number, touched: Iterable<readonly [key: string, position: number]>): void {
    if (after > this.#position) this.#floors.raiseAll(after)
    for (const [key, at] of touched) this.#floors.raise(key, at)
    this.#position = position
  }

  /** Brings the entries of these keys up to date, as far as there are any. */
  async refresh(changes: readonly Change[]): Promise<void> {
    const found = await this.ports.cache.get(changes.map(({ key }) => key))
    for (const [index, { key, position, value }] of changes.entries()) {
      if (this.#isOurs(found[index])) void this.#put(key, position, value)
    }
  }

  async #entries(slots: readonly Slot[]): Promise<readonly (Entry | undefined)[]> {
    return this.#fitting(slots, await this.ports.cache.get(slots.map(({ key }) => key)))
  }

  /** Undefined where the cache has to be waited for. */
  #peeked(slots: readonly Slot[]): readonly (Entry | undefined)[] | undefined {
    const { cache } = this.ports
    return cache.peek && this.#fitting(slots, slots.map(({ key }) => cache.peek?.(key)))
  }

  #fitting(slots: readonly Slot[], found: readonly unknown[]): readonly (Entry | undefined)[] {
    return slots.map(({ fits }, index) => {
      const entry = found[index]
      return this.#isOurs(entry) && fits(entry.value) ? entry : undefined
    })
  }

  /** Then it is not known what of the entries still holds. */
  #isBehind(): boolean {
    return this.ports.projected !== undefined && this.ports.projected() > this.#position
  }

  #isOurs(found: unknown): found is Entry {
    if (typeof found !== 'object' || found === null) return false
    const { tag, position, cachedAt } = found as Partial<Entry>
    return tag === this.#tag && Number.isSafeInteger(position) && Number.isFinite(cachedAt)
  }

  #areCurrent(slots: readonly Slot[], entries: readonly (Entry | undefined)[]): entries is readonly Entry[] {
    const now = this.ports.clock.now()
    return slots.every((slot, index) => this.#isCurrent(slot, entries[index], now))
  }

  #isCurrent(slot: Slot, entry: Entry | undefined, now: number): entry is Entry {
    // What another node kept may show more than is known here, and with it a part of an answer would be of another moment.
    if (entry === undefined || entry.position < this.#floor(slot) || entry.position > this.#position) return false
    return entry.cachedAt <= now && now < entry.cachedAt + this.ports.ttlMs
  }

  #floor({ restsOn }: Slot): number {
    return restsOn.reduce((floor, key) => Math.max(floor, this.#floors.of(key)), 0)
  }

  #keep(slots: readonly Slot[], { value, position }: At<readonly unknown[]>): void {
    for (const [index, slot] of slots.entries()) {
      if (position >= this.#floor(slot)) void this.#put(slot.key, position, value[index])
    }
  }

  #put(key: string, position: number, value: unknown): Promise<void> {
    const entry: Entry = { tag: this.#tag, position, cachedAt: this.ports.clock.now(), value }
    return this.ports.cache.set(key, entry)
  }
}

const unavailable = (error: unknown): Unavailable =>
  error instanceof Unavailable ? error : new Unavailable('What is asked for can not be read at the moment.', undefined, { cause: error })

const areComplete = (entries: readonly (Entry | undefined)[]): entries is readonly Entry[] => !entries.includes(undefined)

const valuesOf = (entries: readonly Entry[]): readonly unknown[] => entries.map(({ value }) => value)
