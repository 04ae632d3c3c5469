import { LRUCache } from 'lru-cache'
import { fold } from '../domain/decider.ts'
import type { EventStore, RecordedEvent } from './ports.ts'
import type { KnownRows } from './read-model.ts'
import type { AnyStream } from './streams.ts'

/** What the write side knows of a stream. It may be ahead of the disk. */
export interface Held {
  readonly state: unknown
  readonly version: number
  /** The event at that version, where this process decided it: until it is durable another one may come to stand there. */
  readonly eventId?: string
}

interface InFlight {
  held: Held
  /** Appends of this stream that are not durable yet. */
  appends: number
  /** Settles with the last of them. */
  durable: Promise<unknown>
  /** The version that the stream is known to have reached meanwhile, whoever wrote it. */
  passed: number
}

/** One append's part in a stream that is ahead of the disk. */
export interface Advance {
  done(): void
  failed(): void
}

const SETTLED_STREAMS_MAX = 100_000

/**
 * The states that commands decide on. A stream with appends on their way is pinned, since it can't be read
 * back from the store yet; all others are kept as long as there is room.
 */
export class States {
  readonly #settled = new LRUCache<string, Held>({ max: SETTLED_STREAMS_MAX })
  readonly #inFlight = new Map<string, InFlight>()
  /** Streams that are being read, and the version that others have written there meanwhile. */
  readonly #loads = new Map<string, { readers: number; passed: number }>()

  constructor(
    private readonly store: Pick<EventStore, 'head' | 'readStream'>,
    private readonly tables: KnownRows,
  ) {}

  get(name: string): Held | undefined {
    return this.#inFlight.get(name)?.held ?? this.#settled.get(name)
  }

  has(name: string): boolean {
    return this.#inFlight.has(name) || this.#settled.has(name)
  }

  async load(streams: readonly AnyStream[]): Promise<void> {
    await Promise.all(streams.filter((stream) => !this.has(stream.name)).map((stream) => this.#read(stream)))
  }

  /** What is projected, and the events of the stream beyond it. Not kept where it was passed meanwhile: then it is to be read again. */
  async #read({ name, decider, projection, isNew = false }: AnyStream): Promise<void> {
    if (isNew) {
      this.#settled.set(name, { state: decider.initialState, version: 0 })
      return
    }
    const load = this.#loads.get(name) ?? { readers: 0, passed: 0 }
    this.#loads.set(name, load)
    load.readers += 1
    try {
      const isLevel = this.tables.checkpoint() === this.store.head()
      const found = this.tables.row(projection.name, name)
      const row = (found instanceof Promise ? await found : found) as { readonly version: number } | undefined
      const known = row?.version ?? 0
      const events = isLevel ? [] : await this.store.readStream(name, known + 1)
      const version = events.at(-1)?.version ?? known
      if (this.has(name) || version < load.passed) return
      const projected: unknown = row ? projection.stateOf(row) : decider.initialState
      this.#settled.set(name, { state: fold(decider, projected, events), version })
    } finally {
      load.readers -= 1
      if (load.readers === 0) this.#loads.delete(name)
    }
  }

  /** Takes what was decided as the stream's state while its append is on the way. Returns what to call when it has ended. */
  advance(name: string, held: Held, durable: Promise<unknown>): Advance {
    const entry = this.#inFlight.get(name) ?? { held, appends: 0, durable, passed: 0 }
    entry.held = held
    entry.durable = durable
    entry.appends += 1
    this.#inFlight.set(name, entry)
    return { done: () => { this.#settle(name, entry) }, failed: () => { this.#void(name, entry) } }
  }

  /** An entry that was forgotten meanwhile says nothing about the one in its place. */
  #settle(name: string, entry: InFlight): void {
    entry.appends -= 1
    if (entry.appends > 0 || this.#inFlight.get(name) !== entry) return
    this.#inFlight.delete(name)
    // Others may have gone on from there before this process heard that its own events were done.
    if (entry.passed <= entry.held.version) this.#settled.set(name, entry.held)
  }

  /** What was decided on top of it is void too, and the store is asked again. */
  #void(name: string, entry: InFlight): void {
    if (this.#inFlight.get(name) !== entry) return
    this.#inFlight.delete(name)
    this.#settled.delete(name)
  }

  /** It was looked at in vain: unless it is known anew by now, the store is asked again. */
  forget(name: string, held: Held): void {
    if (this.#settled.peek(name) === held) this.#settled.delete(name)
  }

  /** Others have written to these streams: what is known of them by now is old. */
  passed(events: readonly RecordedEvent[]): void {
    for (const { stream, version } of events) {
      const held = this.#settled.peek(stream)
      if (held && held.version < version) this.#settled.delete(stream)
      const flying = this.#inFlight.get(stream)
      if (flying) flying.passed = Math.max(flying.passed, version)
      const load = this.#loads.get(stream)
      if (load) load.passed = version
    }
  }

  /** Resolves once all that these states rest on is durable; rejects where it will never be. */
  async durable(names: readonly string[]): Promise<void> {
    await Promise.all(names.flatMap((name) => this.#inFlight.get(name)?.durable ?? []))
  }
}
