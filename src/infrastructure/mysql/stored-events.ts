import { type EventFilter, type EventPage, type EventRange, type RecordedEvent, Unavailable } from '../../application/ports.ts'
import { NewerEvent, upcast } from '../../domain/upcasting.ts'
import { decodeLine } from '../event-log/record.ts'
import type { Readers, Row } from './connection.ts'
import { findQuery } from './find-query.ts'
import type { ChainEnd } from '../migration/chain.ts'
import type { LogEnd } from './tail.ts'

const PAGE_EVENTS = 1_000
const EVENTS = 'SELECT position, line FROM events WHERE'

/** An event in the database is not what was written there. Nothing is repaired by guessing. */
export class DamagedEvent extends Error {
  override readonly name = 'DamagedEvent'
  constructor(readonly position: number) {
    super(`Event ${position} in the database is damaged or missing. Run \`stockstream verify\`, then restore the database from a backup.`)
  }
}

/** Reads committed events, each checked by its CRC and brought to today's shape. Rejects with Unavailable where nobody answers. */
export class StoredEvents {
  constructor(private readonly readers: Pick<Readers, 'rows'>) {}

  async end(): Promise<ChainEnd> {
    const [row] = await this.readers.rows('SELECT position, sha256 FROM ticket WHERE one = 1')
    if (!row) throw new Error('The database holds no log any more.')
    return { position: row[0] as number, sha256: row[1] as string }
  }

  /** Whether the log went through there. */
  async holds({ position, sha256 }: LogEnd): Promise<boolean> {
    if (position === 0 || sha256 === undefined) return true
    const [row] = await this.readers.rows('SELECT sha256 FROM batches WHERE position = ?', [position])
    return row?.[0] === sha256
  }

  /** Batches of the events after a position, up to and with another. */
  async *read(after: number, to: number): AsyncGenerator<readonly RecordedEvent[]> {
    for (let position = after; position < to; ) {
      const rows = await this.readers.rows(`${EVENTS} position > ? AND position <= ? ORDER BY position LIMIT ${PAGE_EVENTS}`, [position, to])
      if (rows[0]?.[0] !== position + 1) throw new DamagedEvent(position + 1)
      const events = rows.map(eventOf)
      yield unbroken(events, position)
      position += events.length
    }
  }

  async ofStream(stream: string, fromVersion: number): Promise<readonly RecordedEvent[]> {
    return (await this.readers.rows(`${EVENTS} stream = ? AND version >= ? ORDER BY version`, [stream, fromVersion])).map(eventOf)
  }

  async find(filter: EventFilter, range: EventRange): Promise<EventPage> {
    const query = findQuery(filter, range)
    const rows = query ? await this.readers.rows(query.sql, query.values) : []
    const count = 'first' in range ? range.first : range.last
    const events = rows.slice(0, count).map(eventOf)
    return { events: 'first' in range ? events : events.reverse(), hasMore: rows.length > count }
  }

  /** Those of these ids that there are, in log order. */
  async byIds(ids: readonly string[]): Promise<readonly RecordedEvent[]> {
    return ids.length === 0 ? [] : (await this.readers.rows(`${EVENTS} id IN (?) ORDER BY position`, [ids])).map(eventOf)
  }

  async ofCommand(key: string): Promise<readonly RecordedEvent[] | undefined> {
    const rows = await this.readers.rows(
      'SELECT e.position, e.line FROM commands c JOIN events e ON e.position BETWEEN c.first AND c.last WHERE c.idempotency_key = ? ORDER BY e.position', [key])
    return rows.length > 0 ? rows.map(eventOf) : undefined
  }
}

function eventOf([position, line]: Row): RecordedEvent {
  const decoded = decodeLine(line as Buffer)
  if (decoded?.kind !== 'event' || decoded.position !== position) throw new DamagedEvent(position as number)
  try {
    return upcast(decoded.event)
  } catch (error) {
    // Other nodes are newer, and can be asked.
    throw error instanceof NewerEvent ? new Unavailable(error.message, 1_000, { cause: error }) : error
  }
}

function unbroken(events: readonly RecordedEvent[], after: number): readonly RecordedEvent[] {
  const wrong = events.findIndex(({ position }, n) => position !== after + n + 1)
  if (wrong >= 0) throw new DamagedEvent(after + wrong + 1)
  return events
}
