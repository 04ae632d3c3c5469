import type { EventBus, EventFilter, EventStore, RecordedEvent } from '../ports.ts'
import type { Projected, ProjectionTables } from '../read-model.ts'

/** What an event tells. To go on after it, begin after its position. */
export interface Change { readonly position: number }

/** Where one kind of change is found, in the log and in what was just projected. */
export interface Source<Found extends Change> {
  /** Leaves out events of the log that tell nothing; others may be left in. */
  readonly filter: EventFilter
  recorded(events: readonly RecordedEvent[]): Promise<readonly Found[]>
  projected(batch: Projected): readonly Found[]
}

export interface FollowerPorts {
  readonly store: Pick<EventStore, 'find' | 'head'>
  readonly bus: Pick<EventBus<Projected>, 'subscribe'>
  readonly tables: Pick<ProjectionTables, 'checkpoint'>
  /** Of changes that wait. */
  readonly waitingMax: number
}

export interface FollowerListeners {
  /** Told at once, while the subscriber still holds what it took last. */
  onSlow?: ((error: SlowSubscriber) => void) | undefined
  onEnd(): void
}

/** It was told of more than it may leave waiting, and took none of it. */
export class SlowSubscriber extends Error {
  override readonly name = 'SlowSubscriber'
  /** `position`: it is done with all up to there, and may begin again after it. */
  constructor(readonly position: number) {
    super('The changes were not read as fast as they came: begin again after the last one that was read.')
  }
}

/** Changes in log order, one by one or as many as there are. */
export interface Following<Found extends Change> extends AsyncIterableIterator<Found, undefined> {
  /**
   * All that is at hand, at least one and at most `max`; undefined at the end. Asking means being done with those
   * before. Rejects, once, where the following is ended by an error.
   */
  take(max: number): Promise<readonly Found[] | undefined>
}

const PAGE_EVENTS = 500

/**
 * The changes after a position: from the log up to what is projected, then as they are projected. What waits is
 * bounded: where a reader is behind by more, its queue is let go and it goes on in the log. To be asked one at a time.
 */
export class Follower<Found extends Change> implements Following<Found> {
  readonly #unsubscribe: () => void
  /** Read from the log and not taken yet. */
  #page: Found[] = []
  /** Holds all changes after `#queuedFrom`, but for those that were taken out. */
  #queue: Found[] = []
  #queuedFrom: number
  #seen: number
  /** All up to there was read from the log or taken. */
  #read: number
  #taken: number
  /** Whether the next change is asked for; while it is not, what comes is counted as untaken. */
  #isAsked = false
  #untaken = 0
  #wake: () => void = () => undefined
  #hasEnded = false
  #failure: SlowSubscriber | undefined

  constructor(
    private readonly source: Source<Found>,
    private readonly ports: FollowerPorts,
    /** It is done with all up to there. */
    private position: number,
    private readonly listeners: FollowerListeners,
  ) {
    this.#seen = this.#queuedFrom = ports.tables.checkpoint()
    this.#read = this.#taken = position
    this.#unsubscribe = ports.bus.subscribe((batch) => { this.#tell(batch) })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Found, undefined>> {
    const [value] = await this.take(1) ?? []
    return value ? { done: false, value } : { done: true, value: undefined }
  }

  async take(max: number): Promise<readonly Found[] | undefined> {
    this.#ask()
    try {
      while (!this.#hasEnded) {
        if (this.#page.length > 0) return this.#hand(this.#page.splice(0, max))
        if (this.#read < this.#queuedFrom) await this.#readOn(this.#queuedFrom)
        else if (this.#queue.length > 0) return this.#hand(this.#queue.splice(0, max))
        else await new Promise<void>((resolve) => { this.#wake = resolve })
      }
    } catch (error) {
      this.#end()
      throw error
    }
    this.#throwFailure()
    return undefined
  }

  /** Unsubscribes at once, also while a change is waited for. */
  return(): Promise<IteratorResult<Found, undefined>> {
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#page = this.#queue = []
    this.#unsubscribe()
    this.#wake()
    this.listeners.onEnd()
  }

  #tell(batch: Projected): void {
    const [first, last] = [batch.events[0], batch.events.at(-1)]
    if (!first || !last || last.position <= this.#seen) return
    const found = this.source.projected(batch)
    const news = first.position > this.#read ? found : found.filter(({ position }) => position > this.#read)
    // Only what was there before this batch counts: one large command makes nobody slow.
    if (news.length > 0 && this.#untaken >= this.ports.waitingMax) {
      this.#fail()
      return
    }
    if (!this.#isAsked) this.#untaken += news.length
    this.#enqueue(news, first.position <= this.#seen + 1, last.position)
    this.#wake()
  }

  #enqueue(news: readonly Found[], isGapless: boolean, seen: number): void {
    this.#seen = seen
    if (isGapless && this.#queue.length + news.length <= this.ports.waitingMax) {
      this.#queue.push(...news)
    } else {
      this.#queue = []
      this.#queuedFrom = seen
    }
  }

  #fail(): void {
    this.#failure = new SlowSubscriber(this.position)
    this.#end()
    this.listeners.onSlow?.(this.#failure)
  }

  #throwFailure(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure
  }

  async #readOn(to: number): Promise<void> {
    const { filter } = this.source
    const { events, hasMore } = await this.ports.store.find(filter, { first: PAGE_EVENTS, after: this.#read, before: to + 1 })
    const last = events.at(-1)
    const found = await this.source.recorded(events)
    if (this.#hasEnded) return
    this.#page = [...found]
    this.#read = hasMore && last ? last.position : to
  }

  #hand(changes: readonly Found[]): readonly Found[] {
    this.#taken = changes.at(-1)?.position ?? this.#taken
    this.#read = Math.max(this.#read, this.#taken)
    this.#isAsked = false
    return changes
  }

  #ask(): void {
    this.position = this.#page.length > 0 ? this.#taken : this.#read
    this.#isAsked = true
    this.#untaken = 0
  }
}
