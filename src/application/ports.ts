/**
 * What the application needs of the world, in its own words. Adapters are in infrastructure; only main.ts names one.
 * Times are milliseconds since 1970 UTC.
 */
import type { DomainEvent } from '../domain/events.ts'
import type { Identity } from './access/identity.ts'

export interface Clock { now(): number }

/** UUIDs of version 7: they grow with time. */
export interface Ids { next(): string }

/** SHA-256 of the text's UTF-8, in hex. */
export type Digest = (text: string) => string

export interface Logger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/**
 * Tells who a token stands for, or who is let in without one. Rejects with Unauthenticated, its message fit for whoever
 * asks, or with Unavailable where nobody can tell for now.
 */
export interface Authenticator { authenticate(token: string | undefined): Promise<Identity> }

/** Who, why and in answer to what: kept beside every event of a command. */
export interface EventMetadata {
  readonly correlationId: string
  readonly causationId?: string
  readonly actor?: string
  /** Of the request that led to it, where it was traced. */
  readonly traceparent?: string
  /** A document outside this system: an order, a delivery note. */
  readonly reference?: string
  readonly note?: string
  /** On the first event of a command that came with an idempotency key. */
  readonly idempotency?: IdempotencyRecord
}

export interface IdempotencyRecord {
  readonly key: string
  /** SHA-256 of the command, in hex: the same key with another one is refused. */
  readonly fingerprint: string
  /** How many events the command gave. */
  readonly events: number
  /** What of the first answer can't be read off the events, as plain JSON: the refused rows of applyMovements. */
  readonly answer?: unknown
}

export type NewEvent<Event = DomainEvent> = Event & {
  readonly id: string
  readonly occurredAt: number
  readonly metadata: EventMetadata
}

export type RecordedEvent<Event = DomainEvent> = NewEvent<Event> & {
  /** 1, 2, 3, … through the whole log, in commit order. */
  readonly position: number
  readonly stream: string
  /** 1, 2, 3, … within the stream. */
  readonly version: number
  readonly schema: number
  /** Never falls along the log, whatever the clock does. */
  readonly recordedAt: number
}

export interface StreamAppend {
  readonly stream: string
  /** The stream's version that the events were decided at: 0 for a new stream. Checked also where there are no events. */
  readonly expectedVersion: number
  /**
   * The event that stands there, where the caller decided it itself: while it is on its way, another one may come to
   * stand there, and the decision does not hold.
   */
  readonly eventId?: string
}

/** Nothing has happened at the location after the position: no stream of stock there has gone on. */
export interface Stillness { readonly location: string; readonly position: number }

/** Events in the order in which they get their positions, over any number of streams: all or none. */
export interface Append {
  readonly streams: readonly StreamAppend[]
  readonly events: readonly { readonly stream: string; readonly event: NewEvent }[]
  /** What must be so besides. Only a store that others write to as well looks at it: within one process a gate holds it. */
  readonly still?: Stillness
}

export interface EventFilter {
  readonly types?: readonly string[]
  readonly streams?: readonly string[]
  readonly skus?: readonly string[]
  readonly locations?: readonly string[]
  readonly reference?: string
  readonly correlationId?: string
  readonly recordedFrom?: number
  readonly recordedTo?: number
  readonly occurredFrom?: number
  readonly occurredTo?: number
}

export interface EventPage {
  /** In log order, whichever way they were asked for. */
  readonly events: readonly RecordedEvent[]
  /** Whether there are more beyond the end that the reading went towards. */
  readonly hasMore: boolean
}

export type EventRange =
  | { readonly first: number; readonly after?: number; readonly before?: number }
  | { readonly last: number; readonly after?: number; readonly before?: number }

export interface EventStore {
  /** This log's own id: cursors are bound to it. */
  readonly id: string
  /** The position of the last committed event; 0 for an empty log. */
  head(): number
  /**
   * Resolves when the events are durable. Appends are taken in the order of the calls, and a call may count on
   * those before it though they are still on their way. An append whose event ids stand in the log already at
   * the expected versions resolves with what stands there. Rejects with a Conflict, or with Unavailable,
   * after which nothing is taken until the store has recovered.
   */
  append(append: Append): Promise<readonly RecordedEvent[]>
  /** Batches of committed events after the position up to the head at the time of the call, in order. */
  read(after: number): AsyncIterable<readonly RecordedEvent[]>
  /** Committed events of one stream, from `fromVersion` on. */
  readStream(stream: string, fromVersion: number): Promise<readonly RecordedEvent[]>
  find(filter: EventFilter, range: EventRange): Promise<EventPage>
  event(id: string): Promise<RecordedEvent | undefined>
  /** The events of the command that was done with this idempotency key. */
  command(key: string): Promise<readonly RecordedEvent[] | undefined>
  /** Called with every committed batch, in order, before its appends resolve. Returns the way to unsubscribe. */
  onCommit(listener: (events: readonly RecordedEvent[]) => void): () => void
  /** Where others write to it as well: takes in what they have written until now, and tells listeners before it resolves. */
  refresh?(): Promise<void>
  close(): Promise<void>
}

/**
 * Tells this process what was projected, in log order and without a gap. A hint to look, not the truth: what a
 * listener misses stands in the log.
 */
export interface EventBus<Message> {
  publish(message: Message): void
  /** Returns the way to unsubscribe. A listener that throws harms no other. */
  subscribe(listener: (message: Message) => void): () => void
}

/** Keeps values for a while and may lose any of them at any time. Never rejects: a cache that is away has lost everything. */
export interface Cache {
  /** In the order of the keys; undefined for what is not there. */
  get(keys: readonly string[]): Promise<readonly unknown[]>
  set(key: string, value: unknown): Promise<void>
  /** As get, without waiting: for what is in this process. */
  peek?(key: string): unknown
}

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'

/** Lets calls through while they succeed. Where too many fail, refuses them at once with Unavailable until one comes back. */
export interface Breaker {
  /** What it guards. */
  readonly name: string
  run<Value>(call: () => Promise<Value>): Promise<Value>
  /** The same for a call that answers without a promise; it is never the one that shows whether all is well again. */
  runNow<Value>(call: () => Value): Value
  state(): BreakerState
  /** How many calls have failed in a row; what was refused with a reason has not failed. */
  failures(): number
}

/** Somebody else has written to a stream meanwhile. */
export class VersionMismatch extends Error {
  override readonly name = 'VersionMismatch'
  constructor(readonly stream: string, readonly expectedVersion: number, readonly actualVersion: number) {
    super(`Stream ${stream} is at version ${actualVersion}, not ${expectedVersion}.`)
  }
}

/** Another command was done with the same idempotency key meanwhile. */
export class KeyTaken extends Error {
  override readonly name = 'KeyTaken'
  constructor(readonly key: string) {
    super(`The idempotency key ${key} is taken.`)
  }
}

/** Something has happened at a location that had to stand still. */
export class Stirred extends Error {
  override readonly name = 'Stirred'
  constructor({ location, position }: Stillness) {
    super(`Something has happened at ${location} after position ${position}.`)
  }
}

/** Why an append can't be done any more: look again, and decide anew. */
export type Conflict = VersionMismatch | KeyTaken | Stirred

export const isConflict = (error: unknown): error is Conflict =>
  error instanceof VersionMismatch || error instanceof KeyTaken || error instanceof Stirred

/** Something that is needed is away or full. Nothing was done, or it is not known whether it was: ask again with the same idempotency key. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  constructor(message: string, readonly retryAfterMs = 1_000, options?: ErrorOptions) {
    super(message, options)
  }
}
