import type { BatchFacts } from '../../application/observer.ts'
import { type Append, type Clock, type Conflict, KeyTaken, type RecordedEvent, Stirred, Unavailable } from '../../application/ports.ts'
import { batchOf, type Batch, recorded, type Refused, type StreamEnd } from './batch.ts'
import type { Plan } from './statements.ts'
import type { Done, NotDone, Writer } from './writer.ts'

const BATCH_EVENTS_MAX = 500
/** Of the events' data: far below what a packet holds as servers are set up from the start. */
const BATCH_CHARACTERS_MAX = 1_000_000
const EVENTS_WAITING_MAX = 20_000

/** A batch that stands in the log, with its place there. */
export interface Committed {
  readonly after: number
  readonly events: readonly RecordedEvent[]
  readonly sha256: string
  readonly facts: BatchFacts
}

interface Entry {
  readonly append: Append
  readonly characters: number
  readonly resolve: (events: readonly RecordedEvent[]) => void
  readonly reject: (error: unknown) => void
}

export interface AppendsOptions {
  readonly writer: Pick<Writer, 'write'>
  readonly clock: Clock
  /** Called with every batch before its appends resolve, which wait for it. */
  committed(batch: Committed): Promise<void>
  /** Called with what can't be taken as it stands: gives the events that stand there already, or rejects. */
  refused(append: Append, conflict: Conflict): Promise<readonly RecordedEvent[]>
  failed(error: unknown): void
}

/** Takes appends in the order of the calls: what waits while one transaction is done goes into the next. */
export class Appends {
  private readonly queue: Entry[] = []
  private eventsWaiting = 0
  private running: Promise<void> | undefined

  constructor(private readonly options: AppendsOptions) {}

  push(append: Append): Promise<readonly RecordedEvent[]> {
    const events = append.events.length
    if (this.eventsWaiting > 0 && this.eventsWaiting + events > EVENTS_WAITING_MAX) return Promise.reject(new Unavailable('Too many events wait to be written.', 250))
    this.eventsWaiting += events
    return new Promise((resolve, reject) => {
      this.queue.push({ append, characters: charactersOf(append), resolve, reject })
      this.running ??= this.run().finally(() => { this.running = undefined })
    })
  }

  /** What waits is done, or has failed. */
  async settled(): Promise<void> { await this.running }

  private async run(): Promise<void> {
    // Appends of the same turn go into one batch.
    await Promise.resolve()
    for (let entries = this.take(); entries.length > 0; entries = this.take()) await this.commitAll(entries)
  }

  private take(): Entry[] {
    let [events, characters, count] = [0, 0, 0]
    for (const entry of this.queue) {
      events += entry.append.events.length
      characters += entry.characters
      if (count > 0 && (events > BATCH_EVENTS_MAX || characters > BATCH_CHARACTERS_MAX)) break
      count++
    }
    const taken = this.queue.splice(0, count)
    for (const { append } of taken) this.eventsWaiting -= append.events.length
    return taken
  }

  /** One that the database can't take must not be the end of the others: then each goes alone. */
  private async commitAll(entries: readonly Entry[]): Promise<void> {
    try {
      await this.commit(entries)
    } catch (error) {
      this.options.failed(error)
      if (error instanceof Unavailable || entries.length === 1) for (const { reject } of entries) reject(error)
      else for (const entry of entries) await this.commitAll([entry])
    }
  }

  /** Without those that can't be done, as often as it takes: with each answer there are fewer. */
  private async commit(entries: readonly Entry[]): Promise<void> {
    const ends = new Map<string, StreamEnd>()
    const conflicts: Refused<Entry>[] = []
    for (let left = entries; ; ) {
      const batch = batchOf(left, ends)
      const outcome = batch.taken.length === 0 ? NOTHING : await this.options.writer.write(this.plan(batch))
      if (outcome.kind === 'done') {
        await this.done(batch, outcome)
        for (const { entry, conflict } of [...conflicts, ...batch.refused]) this.options.refused(entry.append, conflict).then(entry.resolve, entry.reject)
        return
      }
      for (const [stream, end] of outcome.streams) ends.set(stream, end)
      const found = conflictsOf(batch, outcome)
      conflicts.push(...found)
      left = left.filter((entry) => !found.some((refused) => refused.entry === entry))
    }
  }

  private plan({ streams, events, taken }: Batch<Entry>): Plan {
    return { streams, events, stillnesses: taken.flatMap(({ entry }) => entry.append.still ?? []), now: this.options.clock.now() }
  }

  private async done({ events, taken }: Batch<Entry>, { position, recordedAt, sha256, bytes, milliseconds }: Done): Promise<void> {
    const log = recorded(events, position, recordedAt)
    const facts = { appends: taken.length, events: log.length, bytes, writeMs: 0, syncMs: milliseconds }
    if (log.length > 0) await this.options.committed({ after: position, events: log, sha256, facts })
    for (const { entry, first } of taken) entry.resolve(log.slice(first, first + entry.append.events.length))
  }
}

const charactersOf = ({ events }: Append): number => events.reduce((sum, { event }) => sum + JSON.stringify(event.data).length, 0)

const NOTHING: Done = { kind: 'done', position: 0, recordedAt: 0, sha256: '', bytes: 0, milliseconds: 0 }

/** Whose idempotency key is taken, and whose location did not stand still; streams that are elsewhere are seen with the next look. */
function conflictsOf({ taken }: Batch<Entry>, { keys, stirred }: NotDone): readonly Refused<Entry>[] {
  const asking = taken.filter(({ entry }) => entry.append.still)
  return taken.flatMap(({ entry, first }): readonly Refused<Entry>[] => {
    const key = entry.append.events.find((_, n) => keys.has(first + n + 1))?.event.metadata.idempotency?.key
    if (key !== undefined) return [{ entry, conflict: new KeyTaken(key) }]
    const isStirred = asking.some((asked, n) => asked.entry === entry && stirred.has(n))
    return isStirred && entry.append.still ? [{ entry, conflict: new Stirred(entry.append.still) }] : []
  })
}
