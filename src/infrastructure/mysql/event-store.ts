import { type Observer, unobserved } from '../../application/observer.ts'
import {
  type Append, type Clock, type Conflict, type EventFilter, type EventPage, type EventRange, type EventStore, type Logger, type RecordedEvent, Unavailable,
} from '../../application/ports.ts'
import { Listeners } from '../event-log/listeners.ts'
import { requireSame } from '../event-log/repeated.ts'
import { Appends, type Committed } from './appends.ts'
import { Readers } from './connection.ts'
import { openLog } from './open.ts'
import { StoredEvents } from './stored-events.ts'
import { type LogEnd, Tail } from './tail.ts'
import { Writer } from './writer.ts'

export interface MysqlEventStoreOptions {
  /** `mysql://user:password@host:port/database`. */
  readonly url: string
  readonly clock: Clock
  readonly logger: Logger
  readonly observer?: Pick<Observer, 'batch' | 'batchFailed'>
}

/** An event store that several nodes write to. */
export interface SharedEventStore extends EventStore {
  /** Why it can't be written or read for now; undefined where all is well. */
  failure(): string | undefined
  refresh(): Promise<void>
}

/** Opens the log in the database, or makes one. Whoever opens it closes it. */
export async function openMysqlEventStore(options: MysqlEventStoreOptions): Promise<SharedEventStore> {
  const id = await openLog(options.url, options.logger)
  const readers = new Readers(options.url)
  try {
    const end = await new StoredEvents(readers).end()
    return new MysqlEventStore({ observer: unobserved, ...options }, { id, end, readers })
  } catch (error) {
    await readers.close()
    throw error
  }
}

interface OpenedLog { readonly id: string; readonly end: LogEnd; readonly readers: Readers }

class MysqlEventStore implements SharedEventStore {
  readonly id: string
  private readonly readers: Readers
  private readonly stored: StoredEvents
  private readonly writer: Writer
  private readonly appends: Appends
  private readonly tail: Tail
  private readonly listeners: Listeners
  private cause: string | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: Required<MysqlEventStoreOptions>, { id, end, readers }: OpenedLog) {
    const { url, clock, logger } = options
    this.id = id
    this.readers = readers
    this.listeners = new Listeners(logger)
    this.stored = new StoredEvents(readers)
    this.tail = new Tail({ stored: this.stored, logger, tell: (events) => { this.listeners.tell(events) } }, end)
    this.writer = new Writer(url)
    this.appends = new Appends({
      writer: this.writer, clock,
      committed: (batch) => this.committed(batch),
      refused: (append, conflict) => this.alreadyThere(append, conflict),
      failed: (error) => { this.failed(error) },
    })
  }

  head(): number { return this.tail.position() }

  failure(): string | undefined { return this.cause ?? this.tail.failure() }

  async append(append: Append): Promise<readonly RecordedEvent[]> {
    if (this.closing) throw new Unavailable('The event store is closed.')
    const changed = this.tail.changed()
    if (changed) throw new Unavailable(changed.message)
    requireStreams(append)
    return await this.appends.push(append)
  }

  read(after: number): AsyncIterable<readonly RecordedEvent[]> { return this.stored.read(after, this.head()) }

  readStream(stream: string, fromVersion: number): Promise<readonly RecordedEvent[]> { return this.stored.ofStream(stream, fromVersion) }

  find(filter: EventFilter, range: EventRange): Promise<EventPage> { return this.stored.find(filter, range) }

  async event(id: string): Promise<RecordedEvent | undefined> { return (await this.stored.byIds([id]))[0] }

  command(key: string): Promise<readonly RecordedEvent[] | undefined> { return this.stored.ofCommand(key) }

  onCommit(listener: (events: readonly RecordedEvent[]) => void): () => void { return this.listeners.add(listener) }

  refresh(): Promise<void> { return this.tail.refresh() }

  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  private async closeAll(): Promise<void> {
    await this.appends.settled()
    await this.tail.close()
    await this.writer.close()
    await this.readers.close()
  }

  private async committed(batch: Committed): Promise<void> {
    this.cause = undefined
    this.options.observer.batch(batch.facts, batch.events)
    await this.tail.own(batch)
  }

  private failed(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error)
    if (cause !== this.cause) this.options.logger.error({ err: error }, 'The event store could not be written.')
    this.cause = cause
    this.options.observer.batchFailed()
  }

  /** A retry of an append that was done: its events stand where it wants them. Whoever is refused is to find what stands there. */
  private async alreadyThere(append: Append, conflict: Conflict): Promise<readonly RecordedEvent[]> {
    await this.tail.refresh()
    const events = await this.stored.byIds(append.events.map(({ event }) => event.id))
    if (events.length === 0 || events.length < append.events.length) throw conflict
    return requireSame(append, events, conflict)
  }
}

function requireStreams({ streams, events }: Append): void {
  const named = new Set(streams.map(({ stream }) => stream))
  const other = events.find(({ stream }) => !named.has(stream))
  if (other) throw new Error(`The append has an event for ${other.stream}, and no expected version of it.`)
}
