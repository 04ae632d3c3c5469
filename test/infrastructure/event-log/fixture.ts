import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Append, EventMetadata, EventStore, NewEvent, RecordedEvent } from '../../../src/application/ports.ts'
import type { DomainEvent } from '../../../src/domain/events.ts'
import { openEventLog, type EventLogOptions } from '../../../src/infrastructure/event-log/log.ts'

export const START = Date.UTC(2026, 0, 1)

export class MemoryLogger {
  readonly lines: string[] = []
  info(_facts: object, message: string): void { this.lines.push(`info ${message}`) }
  warn(facts: object, message: string): void { this.lines.push(`warn ${message} ${JSON.stringify(facts)}`) }
  error(_facts: object, message: string): void { this.lines.push(`error ${message}`) }
}

/** A folder that is removed after the test, and the logs opened in it closed before. */
export class Workbench {
  readonly logger = new MemoryLogger()
  now = START
  private readonly opened: EventStore[] = []
  private constructor(readonly directory: string) {}

  static async create(): Promise<Workbench> { return new Workbench(await mkdtemp(join(tmpdir(), 'event-log-'))) }

  async open(options: Partial<EventLogOptions> = {}): Promise<EventStore> {
    const log = await openEventLog({ directory: this.directory, clock: { now: () => this.now }, logger: this.logger, ...options })
    this.opened.push(log)
    return log
  }

  async segments(): Promise<string[]> {
    const names = await readdir(join(this.directory, 'log'))
    return names.filter((name) => name.endsWith('.jsonl')).sort().map((name) => join(this.directory, 'log', name))
  }

  async lines(): Promise<string[]> {
    const texts = await Promise.all((await this.segments()).map((path) => readFile(path, 'utf8')))
    return texts.join('').trimEnd().split('\n')
  }

  async remove(): Promise<void> {
    for (const log of this.opened) await log.close()
    await rm(this.directory, { recursive: true })
  }
}

let ids = 0
export const nextId = (): string => `01900000-0000-7000-8000-${(++ids).toString(16).padStart(12, '0')}`

export const stocked = (quantity: number, metadata: Partial<EventMetadata> = {}, id = nextId()): NewEvent => {
  const event: DomainEvent = { type: 'StockAdded', data: { quantity, reason: 'Größe "L" 📦' } }
  return { ...event, id, occurredAt: START - 5, metadata: { correlationId: 'c-1', ...metadata } }
}

export const opening = (code: string): NewEvent => {
  const event: DomainEvent = { type: 'LocationOpened', data: { code, name: code, kind: 'STORE', timeZone: 'UTC' } }
  return { ...event, id: nextId(), occurredAt: START, metadata: { correlationId: 'c-2' } }
}

/** An append to one stream. */
export const to = (stream: string, expectedVersion: number, ...events: NewEvent[]): Append =>
  ({ streams: [{ stream, expectedVersion }], events: events.map((event) => ({ stream, event })) })

export async function everything(log: EventStore, after = 0): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of log.read(after)) events.push(...batch)
  return events
}

export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('It was expected to be refused, and was not.')
}
