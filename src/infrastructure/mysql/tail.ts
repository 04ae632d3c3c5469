import { setTimeout as wait } from 'node:timers/promises'
import { type Logger, type RecordedEvent, Unavailable } from '../../application/ports.ts'
import { NewerEvent } from '../../domain/upcasting.ts'
import type { Committed } from './appends.ts'
import type { StoredEvents } from './stored-events.ts'

/** How long others' events may stand there unseen, where nobody hints at them. */
const LOOK_EVERY_MS = 20
const RETRY_MS = 200

/** Where the log ended when it was last looked at. */
export interface LogEnd {
  readonly position: number
  /** Of the batch that ends there; undefined where it is not known. */
  readonly sha256: string | undefined
}

export interface TailOptions {
  readonly stored: StoredEvents
  readonly logger: Pick<Logger, 'warn' | 'error'>
  tell(events: readonly RecordedEvent[]): void
}

/** The log was put back to an earlier state, or another one was put in its place. */
export class LogChanged extends Error {
  override readonly name = 'LogChanged'
  constructor(position: number) {
    super(`The database no longer holds what was read from it up to event ${position}: it was put back to an earlier state. Start the node anew, without its read-model.sqlite.`)
  }
}

/** Tells of all that is committed, whoever wrote it, in the order of the log and once. */
export class Tail {
  private turn: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | undefined
  private isClosed = false
  private failureCause: string | undefined
  /** The database was away, and may have come back as it was before. */
  private isSuspect = false
  private change: Error | undefined
  private nextLook: Promise<void> | undefined

  constructor(private readonly options: TailOptions, private end: LogEnd) { this.lookLater(0) }

  position(): number { return this.end.position }

  /** Why others' events can't be seen, where it is so. */
  failure(): string | undefined { return this.failureCause }

  /** Set for good: what this process knows is not in the log any more, or it can't know what is. */
  changed(): Error | undefined { return this.change }

  /** Of this process: told after all that stands before it. */
  async own({ after, events, sha256 }: Committed): Promise<void> {
    await this.inTurn(async () => {
      await this.untilReached(after)
      if (this.change) throw new Unavailable(this.change.message)
      const position = after + events.length
      if (position > this.end.position) this.tell(events, { position, sha256 })
    })
  }

  /** Rejects where the database can't be asked. */
  refresh(): Promise<void> {
    // A look that has not begun yet sees all that stands there now: it serves all who ask until it begins.
    return this.nextLook ??= this.inTurn(() => {
      this.nextLook = undefined
      return this.look()
    })
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.turn.catch(() => undefined)
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => undefined)
    return done
  }

  private async look(): Promise<void> {
    const found = await this.found()
    if (found.position < this.end.position) this.refuse()
    await this.readTo(found)
  }

  private async readTo(found: LogEnd): Promise<void> {
    try {
      for await (const events of this.options.stored.read(this.end.position, found.position)) {
        const position = events.at(-1)?.position ?? 0
        this.tell(events, { position, sha256: position === found.position ? found.sha256 : undefined })
      }
    } catch (error) {
      this.isSuspect = true
      if (error instanceof Unavailable && error.cause instanceof NewerEvent) this.change ??= error
      throw error
    }
  }

  private async found(): Promise<LogEnd> {
    try {
      if (this.isSuspect && !await this.options.stored.holds(this.end)) this.refuse()
      this.isSuspect = false
      return await this.options.stored.end()
    } catch (error) {
      this.isSuspect = true
      throw error
    }
  }

  private refuse(): never {
    this.change ??= new LogChanged(this.end.position)
    throw this.change
  }

  private tell(events: readonly RecordedEvent[], end: LogEnd): void {
    this.end = end
    this.options.tell(events)
  }

  /** What is before an event of this process is there, so it is asked for until it comes. */
  private async untilReached(position: number): Promise<void> {
    while (this.end.position < position && !this.isClosed && !this.change) {
      try {
        // That it is there is known: only a database that was away has to be asked what it holds.
        if (this.isSuspect) await this.look()
        else await this.readTo({ position, sha256: undefined })
      } catch (error) {
        this.options.logger.warn({ err: error }, 'What others have written can not be read; it is tried again.')
        await wait(RETRY_MS)
      }
    }
  }

  private lookLater(milliseconds = LOOK_EVERY_MS): void {
    if (this.isClosed) return
    this.timer = setTimeout(() => { void this.lookNow() }, milliseconds)
  }

  private async lookNow(): Promise<void> {
    try {
      await this.refresh()
      this.failureCause = undefined
      this.lookLater()
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      if (cause !== this.failureCause && !this.isClosed) this.options.logger.error({ err: error }, 'What others have written can not be read; it is tried again.')
      this.failureCause = cause
      this.lookLater(RETRY_MS)
    }
  }
}
