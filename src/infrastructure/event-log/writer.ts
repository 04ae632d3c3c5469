import type { BatchFacts } from '../../application/observer.ts'
import { Unavailable, type RecordedEvent } from '../../application/ports.ts'
import type { Files, LogFile } from './files.ts'
import { FORMAT, chainHash, encodeCommit } from './record.ts'
import type { Recovered } from './recovery.ts'
import type { Batch, Place, PlacedEvent } from './scan.ts'
import { createSegment, segmentPath } from './segment.ts'

const BATCH_BYTES_MAX = 256 * 1024
const EVENTS_WAITING_MAX = 20_000

interface Entry {
  readonly events: readonly RecordedEvent[]
  readonly lines: readonly Buffer[]
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: Unavailable) => void
}

export interface WriterOptions {
  readonly files: Files
  readonly directory: string
  readonly segmentBytesMax: number
  /** Called with every durable batch, before its appends resolve. */
  readonly onDurable: (batch: Batch, facts: BatchFacts) => void
  /** Called once, when a write has failed: from then on this writer takes nothing. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Writes what waits as one batch while the batch before it syncs: the more there is to do, the fewer syncs each
 * append costs, and nothing waits for a timer.
 */
export class LogWriter {
  private readonly queue: Entry[] = []
  private eventsWaiting = 0
  private running = Promise.resolve()
  private isRunning = false
  private last = Promise.resolve()
  private failure: Unavailable | undefined
  private file: LogFile | undefined
  private place: Place
  private readonly id: string

  constructor(private readonly options: WriterOptions, log: Recovered) {
    this.place = log.end
    this.id = log.id
  }

  /** After the last durable batch. */
  get end(): Place { return this.place }

  /** Why no more events can be taken now, if it is so. */
  refusal(events: number): Unavailable | undefined {
    if (this.failure) return this.failure
    const isFull = this.eventsWaiting > 0 && this.eventsWaiting + events > EVENTS_WAITING_MAX
    return isFull ? new Unavailable('Too many events wait to be written.', 250) : undefined
  }

  write(events: readonly RecordedEvent[], lines: readonly Buffer[]): Promise<void> {
    const bytes = lines.reduce((sum, line) => sum + line.length, 0)
    const written = new Promise<void>((resolve, reject) => { this.queue.push({ events, lines, bytes, resolve, reject }) })
    // Whoever asked for the write hears of its failure; `last` alone must not bring the process down.
    written.catch(() => undefined)
    this.last = written
    this.eventsWaiting += events.length
    if (!this.isRunning) {
      this.isRunning = true
      this.running = this.run()
    }
    return written
  }

  /** What was on its way when it was called is durable; rejects where it could not be written. */
  settled(): Promise<void> { return this.last }

  /** Writes what still waits. */
  async close(): Promise<void> {
    await this.running
    await this.file?.close()
  }

  private async run(): Promise<void> {
    // Appends of the same turn go into one batch.
    await Promise.resolve()
    for (let entries = this.take(); entries.length > 0; entries = this.take()) {
      try {
        await this.commit(entries)
      } catch (error) {
        this.fail(error, entries)
      }
    }
    this.isRunning = false
  }

  private take(): Entry[] {
    let bytes = 0
    let count = 0
    for (const entry of this.queue) {
      bytes += entry.bytes
      if (count > 0 && bytes > BATCH_BYTES_MAX) break
      count++
    }
    return this.queue.splice(0, count)
  }

  private async commit(entries: readonly Entry[]): Promise<void> {
    const file = await this.segment()
    const lines = entries.flatMap((entry) => entry.lines)
    const events = entries.flatMap((entry) => entry.events)
    const previous = this.place.hash
    const position = this.place.position + events.length
    const hash = chainHash(previous, lines)
    const bytes = Buffer.concat([...lines, encodeCommit({ position, events: events.length, sha256: hash, previous })])
    const startedAt = performance.now()
    await file.write(this.place.offset, bytes)
    const writtenAt = performance.now()
    await file.fdatasync()
    const syncMs = performance.now() - writtenAt
    const placed = place(events, lines, this.place.offset)
    this.place = { ...this.place, position, hash, offset: this.place.offset + bytes.length }
    this.eventsWaiting -= events.length
    this.options.onDurable({ events: placed, end: this.place }, {
      appends: entries.length, events: events.length, bytes: bytes.length, writeMs: writtenAt - startedAt, syncMs,
    })
    for (const entry of entries) entry.resolve()
  }

  private async segment(): Promise<LogFile> {
    const { files, directory, segmentBytesMax } = this.options
    const { position, hash } = this.place
    if (this.place.offset >= segmentBytesMax && this.place.segment <= position) {
      await this.file?.close()
      this.file = undefined
      const first = position + 1
      const offset = await createSegment(files, directory, { log: this.id, format: FORMAT, first, previous: hash })
      this.place = { position, hash, segment: first, offset }
    }
    this.file ??= await files.open(segmentPath(directory, this.place.segment), 'write')
    return this.file
  }

  private fail(cause: unknown, entries: readonly Entry[]): void {
    this.failure = new Unavailable('The event log could not be written; it is being recovered.', 1_000, { cause })
    this.options.onFailure(cause)
    for (const entry of [...entries, ...this.queue.splice(0)]) entry.reject(this.failure)
    this.eventsWaiting = 0
  }
}

function place(events: readonly RecordedEvent[], lines: readonly Buffer[], from: number): PlacedEvent[] {
  let offset = from
  return events.map((event, n) => {
    const bytes = lines[n]?.length ?? 0
    const placed = { event, offset, bytes }
    offset += bytes
    return placed
  })
}
