import { setTimeout as wait } from 'node:timers/promises'
import { type BatchFacts, type Observer, unobserved } from '../../application/observer.ts'
import {
  Unavailable, type Append, type Clock, type EventFilter, type EventPage, type EventRange, type EventStore, type Logger, type RecordedEvent,
  type VersionMismatch,
} from '../../application/ports.ts'
import { diskFiles, type Files } from './files.ts'
import type { LogIndex } from './index.ts'
import { findIndex, levelIndex } from './indexing.ts'
import { LaggingIndex } from './lagging-index.ts'
import { Listeners } from './listeners.ts'
import { lockStore } from './lock.ts'
import { LogReader } from './reader.ts'
import { encodeEvent } from './record.ts'
import { requireSame } from './repeated.ts'
import { recover, recoverTo, type Recovered } from './recovery.ts'
import type { Batch } from './scan.ts'
import { logFolder } from './segment.ts'
import { Speculation } from './speculation.ts'
import { LogWriter } from './writer.ts'

export interface EventLogOptions {
  readonly directory: string
  readonly clock: Clock
  readonly logger: Logger
  readonly observer?: Pick<Observer, 'batch' | 'batchFailed'>
  readonly segmentBytesMax?: number
  readonly files?: Files
}

type Settings = Required<EventLogOptions>

export interface EmbeddedEventStore extends EventStore {
  /** Why nothing can be written for now, as the system says it; undefined where all is well. */
  failure(): string | undefined
}

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024
const RECOVERY_RETRY_MS = 100

/** Opens the store in the folder, or makes one. Whoever opens it closes it. */
export async function openEventLog(options: EventLogOptions): Promise<EmbeddedEventStore> {
  const settings = { segmentBytesMax: SEGMENT_BYTES_MAX, files: diskFiles, observer: unobserved, ...options }
  const { files, directory, logger } = settings
  await files.createDirectory(logFolder(directory))
  const unlock = lockStore(directory)
  try {
    const found = findIndex(directory, logger)
    const log = await recover(files, directory, logger, found?.checkpoint).catch((error: unknown) => { found?.index.close(); throw error })
    const index = await levelIndex(found, files, directory, log, logger)
    return new EventLog(settings, log, index, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

class EventLog implements EmbeddedEventStore {
  readonly id: string
  private readonly reader: LogReader
  private readonly speculation: Speculation
  private readonly listeners: Listeners
  private writer: LogWriter
  private readonly index: LaggingIndex
  private cause: string | undefined
  private recovery: Promise<void> | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly settings: Settings, log: Recovered, index: LogIndex, private readonly unlock: () => void) {
    this.id = log.id
    this.listeners = new Listeners(settings.logger)
    this.reader = new LogReader(settings.files, settings.directory)
    this.speculation = new Speculation(index, log.end.position)
    this.index = new LaggingIndex(index, settings.logger, (position) => { this.speculation.indexed(position) })
    this.writer = this.writerFrom(log)
  }

  failure(): string | undefined { return this.cause ?? (this.closing ? undefined : this.index.failure()) }

  head(): number { return this.writer.end.position }

  async append(append: Append): Promise<readonly RecordedEvent[]> {
    this.refuseWhereNotReady(append.events.length)
    const mismatch = this.speculation.mismatch(append.streams)
    if (mismatch) return await this.alreadyThere(append, mismatch)
    if (append.events.length === 0) {
      await this.writer.settled()
      return []
    }
    const events = this.speculation.number(append, this.settings.clock.now())
    const lines = events.map(encodeEvent)
    this.speculation.note(events)
    await this.writer.write(events, lines)
    return events
  }

  read(after: number): AsyncIterable<readonly RecordedEvent[]> {
    return this.readTo(after, this.head())
  }

  async readStream(stream: string, fromVersion: number): Promise<readonly RecordedEvent[]> {
    return await this.reader.events(this.levelIndex().ofStream(stream, fromVersion))
  }

  async find(filter: EventFilter, range: EventRange): Promise<EventPage> {
    const rows = this.levelIndex().find(filter, range)
    const count = 'first' in range ? range.first : range.last
    const page = rows.slice(0, count)
    const events = await this.reader.events('first' in range ? page : page.reverse())
    return { events, hasMore: rows.length > count }
  }

  async event(id: string): Promise<RecordedEvent | undefined> {
    const row = this.levelIndex().byId(id)
    return row && (await this.reader.events([row]))[0]
  }

  async command(key: string): Promise<readonly RecordedEvent[] | undefined> {
    const rows = this.levelIndex().ofCommand(key)
    return rows && await this.reader.events(rows)
  }

  onCommit(listener: (events: readonly RecordedEvent[]) => void): () => void {
    return this.listeners.add(listener)
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  private async closeAll(): Promise<void> {
    try {
      await this.recovery
      await this.writer.close()
      await this.reader.close()
    } finally {
      this.index.close()
      this.unlock()
    }
  }

  private refuseWhereNotReady(events: number): void {
    if (this.closing) throw new Unavailable('The event log is closed.')
    if (this.cause !== undefined) throw new Unavailable('The event log is being recovered from a failed write.', RECOVERY_RETRY_MS)
    const refusal = this.writer.refusal(events)
    if (refusal) throw refusal
  }

  /** A retry of an append that was done: its events stand where it wants them. Those on their way are waited for. */
  private async alreadyThere(append: Append, mismatch: VersionMismatch): Promise<readonly RecordedEvent[]> {
    if (append.events.length === 0 || mismatch.actualVersion < mismatch.expectedVersion) throw mismatch
    await this.writer.settled()
    const index = this.levelIndex()
    const rows = []
    for (const { event } of append.events) {
      const row = index.byId(event.id)
      if (!row) throw mismatch
      rows.push(row)
    }
    return requireSame(append, await this.reader.events(rows), mismatch)
  }

  private async *readTo(after: number, last: number): AsyncGenerator<readonly RecordedEvent[]> {
    for (let position = after; position < last; ) {
      const row = this.levelIndex().at(position + 1)
      if (!row) throw new Error(`Event ${position + 1} is not in the index of the log.`)
      const events = await this.reader.from(row, last)
      yield events
      position += events.length
    }
  }

  private writerFrom(log: Recovered): LogWriter {
    const { files, directory, segmentBytesMax, logger, observer } = this.settings
    return new LogWriter({
      files, directory, segmentBytesMax,
      onDurable: (batch, facts) => { this.durable(batch, facts) },
      onFailure: (error) => {
        observer.batchFailed()
        this.cause = reasonOf(error)
        logger.error({ err: error }, 'The event log could not be written. It takes nothing more until it has been read again.')
        this.recovery = this.recover()
      },
    }, log)
  }

  private durable(batch: Batch, facts: BatchFacts): void {
    const events = batch.events.map(({ event }) => event)
    this.settings.observer.batch(facts, events)
    this.index.add(batch)
    this.listeners.tell(events)
  }

  private levelIndex(): LogIndex {
    if (this.closing) throw new Unavailable('The event log is closed.')
    return this.index.level()
  }

  /** Until the disk takes writes again, or the log is closed. */
  private async recover(): Promise<void> {
    const { logger } = this.settings
    while (!await this.recovered()) {
      if (this.closing) return
      await wait(RECOVERY_RETRY_MS)
    }
    this.cause = undefined
    logger.info({ position: this.head() }, 'The event log is recovered.')
  }

  /** Opens the segment anew: a sync that failed is never tried again on the same file, it would claim success. */
  private async recovered(): Promise<boolean> {
    const { files, directory, logger } = this.settings
    try {
      await this.writer.close().catch(() => undefined)
      const log = await recoverTo(files, directory, this.writer.end)
      this.index.level()
      this.speculation.reset(log.end.position)
      this.writer = this.writerFrom(log)
      return true
    } catch (error) {
      const cause = reasonOf(error)
      if (cause !== this.cause) logger.error({ err: error }, 'The event log could not be recovered; it is tried again.')
      this.cause = cause
      return false
    }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
