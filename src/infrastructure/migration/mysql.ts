import type { Connection } from 'mysql2/promise'
import { escape } from 'mysql2'
import type { Logger, RecordedEvent } from '../../application/ports.ts'
import { subjectOf } from '../../domain/streams.ts'
import { connectWriter, Readers } from '../mysql/connection.ts'
import { openLog } from '../mysql/open.ts'
import { FORMAT, MIGRATING } from '../mysql/schema.ts'
import { StoredEvents } from '../mysql/stored-events.ts'
import { decodeLine } from '../event-log/record.ts'
import { BrokenChain, type ChainedBatch, type ChainEnd, type LogSource, type LogTarget } from './chain.ts'

const BATCHES_AT_ONCE = 200
const PART_BYTES_MAX = 1_048_576
const LINE_FEED = Buffer.from('\n')

/** The log of a database, which no node should write to meanwhile. */
export async function mysqlSource(url: string, logger: Logger): Promise<LogSource> {
  const id = await openLog(url, logger)
  const readers = new Readers(url)
  return { id, end: await new StoredEvents(readers).end(), batches: () => batchesOf(readers), close: () => readers.close() }
}

async function* batchesOf(readers: Readers): AsyncGenerator<readonly ChainedBatch[]> {
  for (let position = 0; ; ) {
    const rows = await readers.rows(`SELECT position, events, sha256, previous FROM batches WHERE position > ? ORDER BY position LIMIT ${BATCHES_AT_ONCE}`, [position])
    const to = rows.at(-1)?.[0]
    if (to === undefined) return
    const lines = (await readers.rows('SELECT line FROM events WHERE position > ? AND position <= ? ORDER BY position', [position, to as number])).values()
    yield rows.map(([end, events, sha256, previous]) => ({
      lines: Array.from({ length: events as number }, () => Buffer.concat([(lines.next().value?.[0] as Buffer | undefined) ?? Buffer.alloc(0), LINE_FEED])),
      position: end as number, sha256: sha256 as string, previous: previous as string,
    }))
    position = to as number
  }
}

/** A database that holds no log, or one that a migration of the same log has begun. */
export async function mysqlTarget(url: string, id: string, logger: Logger): Promise<LogTarget> {
  const found = await openLog(url, logger, { isMigrating: true })
  const readers = new Readers(url)
  const end = await new StoredEvents(readers).end()
  const [row] = await readers.rows('SELECT format FROM ticket WHERE one = 1')
  await readers.close()
  if (row?.[0] !== MIGRATING && end.position > 0) throw new BrokenChain('The database holds a log already: name an empty one.')
  if (row?.[0] === MIGRATING && found !== id) throw new BrokenChain('A migration of another log was begun in the database: name an empty one.')
  const connection = await connectWriter(url)
  await connection.query('UPDATE ticket SET log = ?, format = ? WHERE one = 1', [id, MIGRATING])
  return new MysqlTarget(connection, end)
}

class MysqlTarget implements LogTarget {
  constructor(private readonly connection: Connection, private reached: ChainEnd) {}

  get end(): ChainEnd { return this.reached }

  async write(batches: readonly ChainedBatch[]): Promise<void> {
    for (const part of partsOf(batches)) {
      await this.connection.query(statements(part).join(';\n'))
      this.reached = part.at(-1) ?? this.reached
    }
  }

  async finish(): Promise<void> { await this.connection.query('UPDATE ticket SET format = ? WHERE one = 1', [FORMAT]) }

  async close(): Promise<void> { await this.connection.end() }
}

/** As many at a time as a packet holds by far, as it is set up from the start. */
function partsOf(batches: readonly ChainedBatch[]): readonly (readonly ChainedBatch[])[] {
  const parts: ChainedBatch[][] = []
  let bytes = Infinity
  for (const batch of batches) {
    const size = batch.lines.reduce((sum, line) => sum + line.length, 0)
    if (bytes + size > PART_BYTES_MAX) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(batch)
    bytes += size
  }
  return parts
}

/** One transaction, so that it ends between two batches wherever it is broken off. */
function statements(batches: readonly ChainedBatch[]): readonly string[] {
  const lines = batches.flatMap((batch) => batch.lines.map((line) => line.toString('utf8', 0, line.length - 1)))
  const events = lines.map(eventOf)
  const last = batches.at(-1)
  const commands = events.filter(({ metadata }) => metadata.idempotency)
  const ends = new Map(events.map((event) => [event.stream, event]))
  return [
    'START TRANSACTION',
    `INSERT INTO events (position, stream, version, id, type, occurred_at, recorded_at, reference, correlation_id, line) VALUES ${escape(events.map((event, n) => eventRow(event, lines[n] ?? '')))}`,
    `INSERT INTO batches (position, events, sha256, previous) VALUES ${escape(batches.map(({ position, lines: { length }, sha256, previous }) => [position, length, sha256, previous]))}`,
    `INSERT INTO streams (name, version, event_id, position, sku, location) VALUES ${escape([...ends.values()].map(streamRow))}
     ON DUPLICATE KEY UPDATE version = VALUES(version), event_id = VALUES(event_id), position = VALUES(position)`,
    ...(commands.length > 0 ? [`INSERT IGNORE INTO commands (idempotency_key, first, last) VALUES ${escape(commands.map(commandRow))}`] : []),
    `UPDATE ticket SET position = ${last?.position ?? 0}, sha256 = ${escape(last?.sha256)}, recorded_at = ${events.at(-1)?.recordedAt ?? 0} WHERE one = 1`,
    'COMMIT',
  ]
}

function eventOf(line: string): RecordedEvent {
  const decoded = decodeLine(Buffer.from(line))
  if (decoded?.kind !== 'event') throw new BrokenChain('An event is not whole.')
  return decoded.event
}

const eventRow = ({ position, stream, version, id, type, occurredAt, recordedAt, metadata: { reference, correlationId } }: RecordedEvent, line: string) =>
  [position, stream, version, id, type, occurredAt, recordedAt, reference ?? null, correlationId, line]

function streamRow({ stream, version, id, position }: RecordedEvent) {
  const { sku, location } = subjectOf(stream)
  return [stream, version, id, position, sku ?? null, location ?? null]
}

const commandRow = ({ position, metadata: { idempotency } }: RecordedEvent) =>
  [idempotency?.key ?? '', position, position + (idempotency?.events ?? 1) - 1]
