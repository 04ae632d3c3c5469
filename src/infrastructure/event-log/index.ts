import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { EventFilter, EventRange } from '../../application/ports.ts'
import { subjectOf } from '../../domain/streams.ts'
import { seal, unseal } from '../seal.ts'
import { findQuery } from './index-query.ts'
import { INDEX_TABLES, INDEX_VERSION } from './index-schema.ts'
import { NumberedNames } from './numbered-names.ts'
import type { Batch, Place, PlacedEvent } from './scan.ts'

/** Where an event's line stands. */
export interface Row { readonly position: number; readonly segment: number; readonly offset: number; readonly bytes: number }

const STREAM_IDS_MAX = 50_000
/** The inner pages of some million events, and 32 MB of pages that go to the file once however often they are written. */
const CACHE_KIB = 16_384
const WAL_PAGES = 8_000
const ROW = 'SELECT position, segment, offset, bytes FROM events'
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const idBytes = (id: string): Buffer => (UUID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : Buffer.from(id))

const uuidOf = (bytes: Buffer | undefined): string =>
  bytes?.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') ?? ''

const STATEMENTS = {
  stream: 'SELECT id FROM streams WHERE name = ?',
  addStream: 'INSERT INTO streams (name, sku, location) VALUES (?, ?, ?)',
  addEvent: 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  addCommand: 'INSERT OR IGNORE INTO commands VALUES (?, ?, ?)',
  checkpoint: 'UPDATE checkpoint SET position = ?, hash = ?, segment = ?, offset = ?',
  version: 'SELECT max(version) FROM events WHERE stream_id = (SELECT id FROM streams WHERE name = ?)',
  at: `${ROW} WHERE position = ?`,
  between: `${ROW} WHERE position BETWEEN ? AND ? ORDER BY position`,
  ofStream: `${ROW} WHERE stream_id = (SELECT id FROM streams WHERE name = ?) AND version >= ? ORDER BY version`,
  byId: `${ROW} WHERE id = ?`,
  command: 'SELECT first, last FROM commands WHERE key = ?',
  lastId: 'SELECT id FROM events WHERE length(id) = 16 ORDER BY id DESC LIMIT 1',
  head: 'SELECT max(position) FROM events',
  recordedAt: 'SELECT recorded_at FROM events WHERE position = ?',
} as const

type Statements = Record<keyof typeof STATEMENTS, Database.Statement>

/** With the place up to where it holds the log. Only what was durable goes in, so it proves how far the log was. */
export interface FoundIndex { readonly index: LogIndex; readonly checkpoint: Place & { readonly log: string } }

export class LogIndex {
  private readonly statements: Statements
  private readonly streamIds = new LRUCache<string, number>({ max: STREAM_IDS_MAX })
  private readonly types: NumberedNames
  private readonly correlations: NumberedNames

  private constructor(private readonly database: Database.Database) {
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)] as const)
    this.statements = Object.fromEntries(prepared) as Statements
    this.types = new NumberedNames(database, 'types')
    this.correlations = new NumberedNames(database, 'correlations')
    this.statements.version.pluck()
    this.statements.head.pluck()
    this.statements.recordedAt.pluck()
    this.statements.stream.pluck()
    this.statements.lastId.pluck()
  }

  /** An index that is there; undefined where there is none. Throws where it can't be trusted. */
  static open(directory: string): FoundIndex | undefined {
    const isSealed = unseal(fileIn(directory))
    const database = connect(directory)
    try {
      const version = database.pragma('user_version', { simple: true })
      if (version === 0) { database.close(); return undefined }
      if (version !== INDEX_VERSION) throw new Error('it is of another version')
      const checkpoint = trusted(database, isSealed)
      return { index: new LogIndex(database), checkpoint }
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** An empty index, in the place of any that is there. */
  static create(directory: string, log: string, start: Place): LogIndex {
    for (const suffix of ['', '-wal', '-shm', '-journal', '.seal']) rmSync(fileIn(directory) + suffix, { force: true })
    const database = connect(directory)
    database.exec(INDEX_TABLES)
    database.prepare('INSERT INTO checkpoint VALUES (1, ?, ?, ?, ?, ?)').run(log, start.position, start.hash, start.segment, start.offset)
    return new LogIndex(database)
  }

  add(batches: readonly Batch[]): void {
    const last = batches.at(-1)
    if (!last) return
    try {
      this.database.transaction(() => {
        for (const batch of batches) for (const placed of batch.events) this.addEvent(placed, batch.end.segment)
        this.statements.checkpoint.run(last.end.position, last.end.hash, last.end.segment, last.end.offset)
      })()
    } catch (error) {
      // What was rolled back may be among them.
      for (const names of [this.types, this.correlations]) names.forget()
      this.streamIds.clear()
      throw error
    }
  }

  private addEvent({ event, offset, bytes }: PlacedEvent, segment: number): void {
    const { position, version, type, occurredAt, recordedAt, metadata } = event
    this.statements.addEvent.run(position, this.streamId(event.stream), version, idBytes(event.id), this.types.numberOf(type, position),
      occurredAt, recordedAt, metadata.reference ?? null, this.correlations.numberOf(metadata.correlationId, position), segment, offset, bytes)
    const command = metadata.idempotency
    if (command) this.statements.addCommand.run(command.key, position, position + command.events - 1)
  }

  private streamId(name: string): number {
    const known = this.streamIds.get(name)
    if (known !== undefined) return known
    const id = (this.statements.stream.get(name) as number | undefined) ?? this.addStream(name)
    this.streamIds.set(name, id)
    return id
  }

  private addStream(name: string): number {
    const { sku, location } = subjectOf(name)
    return Number(this.statements.addStream.run(name, sku ?? null, location ?? null).lastInsertRowid)
  }

  version(stream: string): number { return (this.statements.version.get(stream) as number | null) ?? 0 }
  /** The greatest UUID; empty where there is none. */
  lastId(): string { return uuidOf(this.statements.lastId.get() as Buffer | undefined) }
  recordedAt(position: number): number { return (this.statements.recordedAt.get(position) as number | undefined) ?? 0 }

  at(position: number): Row | undefined { return this.statements.at.get(position) as Row | undefined }
  byId(id: string): Row | undefined { return this.statements.byId.get(idBytes(id)) as Row | undefined }
  ofStream(stream: string, fromVersion: number): Row[] { return this.statements.ofStream.all(stream, fromVersion) as Row[] }

  ofCommand(key: string): Row[] | undefined {
    const command = this.statements.command.get(key) as { first: number; last: number } | undefined
    return command && (this.statements.between.all(command.first, command.last) as Row[])
  }

  find(filter: EventFilter, range: EventRange): Row[] {
    const { sql, values } = findQuery(filter, range, (time) => this.firstRecorded(time))
    return this.database.prepare(sql).all(...values) as Row[]
  }

  /** Times of recording never fall along the log, so halving finds it. */
  private firstRecorded(time: number): number {
    let low = 1
    let high = ((this.statements.head.get() as number | null) ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.recordedAt(middle) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  close(): void {
    this.database.close()
    seal(this.database.name)
  }
}

const fileIn = (directory: string): string => join(directory, 'index.sqlite')

function connect(directory: string): Database.Database {
  const database = new Database(fileIn(directory))
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = OFF')
    database.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
    database.pragma(`cache_size = -${CACHE_KIB}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** What nobody closed may lack anything. */
function trusted(database: Database.Database, isSealed: boolean): FoundIndex['checkpoint'] {
  const checkpoint = database.prepare('SELECT log, position, hash, segment, offset FROM checkpoint').get() as FoundIndex['checkpoint']
  if (isSealed) return checkpoint
  if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new Error('it is damaged')
  const events = database.prepare('SELECT count(*) FROM events').pluck().get()
  if (events !== checkpoint.position) throw new Error('events are missing in it')
  return checkpoint
}
