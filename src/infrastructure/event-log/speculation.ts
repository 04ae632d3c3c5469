import { LRUCache } from 'lru-cache'
import { VersionMismatch, type Append, type RecordedEvent, type StreamAppend } from '../../application/ports.ts'
import { EVENT_SCHEMAS } from '../../domain/events.ts'
import { type LogIndex, UUID } from './index.ts'

const STREAMS_MAX = 100_000

/**
 * How the log will be when all that is on its way is written: what the next append is checked against and numbered
 * after. Must know by itself only what the index does not know yet; what else it remembers saves a look there.
 */
export class Speculation {
  private readonly ahead = new Map<string, { readonly version: number; readonly position: number }>()
  private readonly versions = new LRUCache<string, number>({ max: STREAMS_MAX })
  private readonly ids = new Map<string, number>()
  /** UUIDs of version 7 grow with time: one beyond the last is new, and needs no look. */
  private lastId = ''
  private position = 0
  private recordedAt = 0

  constructor(private readonly index: LogIndex, position: number) { this.reset(position) }

  /** Back to what stands in the index, which must be level with the log. */
  reset(position: number): void {
    this.ahead.clear()
    this.versions.clear()
    this.ids.clear()
    this.lastId = this.index.lastId()
    this.position = position
    this.recordedAt = this.index.recordedAt(position)
  }

  /** The index knows all up to the position. */
  indexed(position: number): void {
    for (const [stream, known] of this.ahead) {
      if (known.position > position) continue
      this.versions.set(stream, known.version)
      this.ahead.delete(stream)
    }
    for (const [id, at] of this.ids) {
      if (at > position) break
      this.ids.delete(id)
    }
  }

  mismatch(streams: readonly StreamAppend[]): VersionMismatch | undefined {
    for (const { stream, expectedVersion } of streams) {
      const version = this.version(stream)
      if (version !== expectedVersion) return new VersionMismatch(stream, expectedVersion, version)
    }
    return undefined
  }

  /** The append's events with their positions and versions. Changes nothing yet. */
  number(append: Append, now: number): RecordedEvent[] {
    const versions = new Map(append.streams.map(({ stream, expectedVersion }) => [stream, expectedVersion]))
    const ids = new Set<string>()
    const recordedAt = Math.max(this.recordedAt, now)
    return append.events.map(({ stream, event }, n) => {
      const before = versions.get(stream)
      if (before === undefined) throw new Error(`The append has an event for ${stream}, and no expected version of it.`)
      if (ids.has(event.id) || this.isTaken(event.id)) throw new Error(`The event id ${event.id} is taken.`)
      ids.add(event.id)
      versions.set(stream, before + 1)
      const { id, type, occurredAt, data, metadata } = event
      const position = this.position + n + 1
      // Field by field: what is added to a copy is added slowly.
      return { position, stream, version: before + 1, id, type, schema: EVENT_SCHEMAS[type], occurredAt, recordedAt, data, metadata } as RecordedEvent
    })
  }

  note(events: readonly RecordedEvent[]): void {
    for (const { stream, version, position, id, recordedAt } of events) {
      this.ahead.set(stream, { version, position })
      this.ids.set(id, position)
      if (UUID.test(id) && id > this.lastId) this.lastId = id
      this.position = position
      this.recordedAt = recordedAt
    }
  }

  private isTaken(id: string): boolean {
    if (UUID.test(id) && id > this.lastId) return false
    return this.ids.has(id) || this.index.byId(id) !== undefined
  }

  private version(stream: string): number {
    const known = this.ahead.get(stream)?.version ?? this.versions.get(stream)
    if (known !== undefined) return known
    const version = this.index.version(stream)
    this.versions.set(stream, version)
    return version
  }
}
