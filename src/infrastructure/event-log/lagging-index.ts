import { type Logger, Unavailable } from '../../application/ports.ts'
import type { LogIndex } from './index.ts'
import { INDEX_EVENTS_AT_ONCE } from './indexing.ts'
import type { Batch } from './scan.ts'

const RETRY_AFTER_MS = 100

/** The index of the log, and the durable batches that wait to go into it: many at once, or when somebody looks. */
export class LaggingIndex {
  private waiting: Batch[] = []
  private eventsWaiting = 0
  private cause: string | undefined

  constructor(
    private readonly index: LogIndex,
    private readonly logger: Pick<Logger, 'warn' | 'error'>,
    /** Told up to where the index holds the log. */
    private readonly onIndexed: (position: number) => void,
  ) {}

  /** Why it can't be written, if it is so: tried anew by whoever asks. */
  failure(): string | undefined {
    if (this.cause !== undefined) this.tryWriting()
    return this.cause
  }

  /** Never throws: what can't be written now waits. */
  add(batch: Batch): void {
    this.waiting.push(batch)
    this.eventsWaiting += batch.events.length
    if (this.eventsWaiting >= INDEX_EVENTS_AT_ONCE) this.tryWriting()
  }

  /** Holding all that is durable. Unavailable where it can't be written. */
  level(): LogIndex {
    const error = this.tryWriting()
    if (error !== undefined) throw new Unavailable('The index of the event log could not be written.', RETRY_AFTER_MS, { cause: error })
    return this.index
  }

  /** What could not be written is read from the log when it is opened next. */
  close(): void {
    this.tryWriting()
    try {
      this.index.close()
    } catch (error) {
      this.logger.warn({ err: error }, 'The index of the event log could not be closed well; it is checked when it is opened next.')
    }
  }

  private tryWriting(): unknown {
    try {
      this.write()
      this.cause = undefined
      return undefined
    } catch (error) {
      if (this.cause === undefined) this.logger.error({ err: error }, 'The index of the event log could not be written; it is tried again.')
      this.cause = error instanceof Error ? error.message : String(error)
      return error
    }
  }

  private write(): void {
    const last = this.waiting.at(-1)
    if (!last) return
    this.index.add(this.waiting)
    this.waiting = []
    this.eventsWaiting = 0
    this.onIndexed(last.end.position)
  }
}
