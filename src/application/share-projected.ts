import { Folding } from './folding.ts'
import type { Projecting } from './keep-projected.ts'
import { type Observer, unobserved } from './observer.ts'
import type { Clock, EventBus, EventStore, Logger, RecordedEvent } from './ports.ts'
import { ProjectionGap } from './projector.ts'
import type { Projected, ReadModel, RowChange, SharedTables } from './read-model.ts'

export interface SharedProjectingPorts {
  readonly store: Pick<EventStore, 'head' | 'read' | 'readStream' | 'onCommit' | 'refresh'>
  readonly tables: SharedTables
  readonly readModel: Pick<ReadModel, 'stockLevelsAfter'>
  /** Told of all that the tables show, whoever projected it. */
  readonly bus: Pick<EventBus<Projected>, 'publish'>
  readonly clock: Clock
  readonly logger: Logger
  readonly observer?: Pick<Observer, 'projection'>
  /** The tables' position when they were opened. */
  readonly position: number
}

/** So often a node keeps its turn, or looks whether it may have it. */
const HOLD_EVERY_MS = 500
/** While the log has more than the tables show. */
const FOLLOW_EVERY_MS = 5
const RETRY_MS = 200
const BATCH_EVENTS_MAX = 1_000
/** Beyond so many, events are read from the log again. */
const WAITING_EVENTS_MAX = 10_000
/** Later than this nothing is of now. */
const LAG_MS_MAX = 1_000

/** Starts it. Whoever starts it stops it. */
export function shareProjected(ports: SharedProjectingPorts): SharedProjecting {
  return new SharedProjecting({ observer: unobserved, ...ports })
}

/**
 * A read model that several nodes share: this node projects where it is its turn, and otherwise learns how far another
 * one has come. Either way it tells of the same changes, in log order and once.
 */
export class SharedProjecting implements Projecting {
  private readonly folding: Folding
  private readonly stopListening: () => void
  private readonly running: Promise<void>
  private position: number
  private isOurs = false
  private askedAt = -Infinity
  private waiting: RecordedEvent[] = []
  /** When the log was heard to go up to there. */
  private heard: { readonly position: number; readonly at: number }[] = []
  private cause: string | undefined
  private isStopped = false
  private wake: () => void = () => undefined

  constructor(private readonly ports: Required<SharedProjectingPorts>) {
    this.position = ports.position
    this.folding = new Folding(ports)
    this.stopListening = ports.store.onCommit((events) => { this.hear(events) })
    this.running = this.run()
  }

  /** All up to there is shown, and was told of. */
  checkpoint(): number { return this.position }

  failure(): string | undefined { return this.cause }

  /** A node is always a moment behind the log. */
  behindSince(): number | undefined {
    const since = this.heard[0]?.at
    return since !== undefined && this.ports.clock.now() - since > LAG_MS_MAX ? since : undefined
  }

  /** Resolves once the position is shown, however long that takes. */
  async reached(position: number): Promise<void> {
    while (this.position < position && !this.isStopped) await new Promise((resolve) => setTimeout(resolve, FOLLOW_EVERY_MS))
  }

  async stop(): Promise<void> {
    this.isStopped = true
    this.wake()
    await this.running
    this.stopListening()
  }

  private hear(events: readonly RecordedEvent[]): void {
    const last = events.at(-1)
    if (!last || last.position <= this.position) return
    this.heard.push({ position: last.position, at: this.ports.clock.now() })
    this.waiting = this.waiting.length > WAITING_EVENTS_MAX ? [...events] : [...this.waiting, ...events]
    this.wake()
  }

  private async run(): Promise<void> {
    while (!this.isStopped) await this.pause(await this.turn())
  }

  private async pause(milliseconds: number): Promise<void> {
    if (this.isStopped) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = () => undefined
  }

  /** One look, and how long until the next. */
  private async turn(): Promise<number> {
    try {
      if (await this.holds()) await this.project()
      else if (this.position < this.ports.store.head()) await this.follow()
      this.cause = undefined
      return this.position < this.ports.store.head() ? FOLLOW_EVERY_MS : HOLD_EVERY_MS
    } catch (error) {
      this.isOurs = false
      const cause = error instanceof Error ? error.message : String(error)
      if (cause !== this.cause) this.ports.logger.error({ err: error }, 'The shared read model could not be brought up to date; it is tried again.')
      this.cause = cause
      return RETRY_MS
    }
  }

  /** Whoever takes over goes on where the tables are, and tells of what others have projected. */
  private async holds(): Promise<boolean> {
    if (performance.now() < this.askedAt + HOLD_EVERY_MS) return this.isOurs
    const isOurs = await this.ports.tables.hold()
    this.askedAt = performance.now()
    if (isOurs && !this.isOurs) await this.follow()
    this.isOurs = isOurs
    return isOurs
  }

  private async project(): Promise<void> {
    const { store, tables, observer } = this.ports
    while (!this.isStopped && this.position < store.head() && await this.holds()) {
      const events = await this.next(store.head())
      const changes = await this.folding.changesOf(events)
      const startedAt = performance.now()
      const to = events.at(-1)?.position ?? this.position
      this.isOurs = await tables.commit(changes, this.position, to)
      if (!this.isOurs) return
      observer.projection({ milliseconds: performance.now() - startedAt }, events)
      this.show(events, changes)
    }
  }

  private async follow(): Promise<void> {
    const { store, tables } = this.ports
    const position = await tables.position()
    if (position > store.head()) await store.refresh?.()
    if (position > store.head()) throw new ProjectionGap(position, store.head() + 1)
    if (position < this.position) throw new Error(`The read model was put back to event ${position}, and this node has shown ${this.position}: start the node anew.`)
    while (!this.isStopped && this.position < position) {
      const events = await this.next(position)
      this.show(events, await this.folding.changesOf(events))
    }
  }

  /** Some of the events after those that are shown, and none beyond `upTo`. */
  private async next(upTo: number): Promise<readonly RecordedEvent[]> {
    const waiting = this.waiting.filter(({ position }) => position > this.position && position <= upTo).slice(0, BATCH_EVENTS_MAX)
    if (waiting[0]?.position === this.position + 1) return waiting
    for await (const events of this.ports.store.read(this.position)) return events.filter(({ position }) => position <= upTo)
    throw new Error(`The log has events up to ${upTo}, and gives none after ${this.position}.`)
  }

  private show(events: readonly RecordedEvent[], changes: readonly RowChange[]): void {
    this.folding.keep(changes)
    this.position = events.at(-1)?.position ?? this.position
    this.waiting = this.waiting.filter(({ position }) => position > this.position)
    this.heard = this.heard.filter(({ position }) => position > this.position)
    this.ports.bus.publish({ events, changes })
  }
}
