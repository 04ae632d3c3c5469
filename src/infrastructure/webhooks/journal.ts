import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import type { DeliveryView } from '../../application/views.ts'
import type { DeliveryJournal, DeliveryPage, DeliveryQuery, Health, Queued, QueueState, Redelivery } from '../../application/webhooks/ports.ts'
import { cursorOf, type Order, readCursor } from '../read-model/cursor.ts'
import { type DeliveryRow, JOURNAL_SCHEMA, JOURNAL_VERSION } from './journal-schema.ts'

export interface JournalOptions {
  readonly file: string
  /** The journal of another log is no use: it begins anew. */
  readonly logId: string
  /** Of deliveries that are over, so many are kept an endpoint. */
  readonly keptMax?: number
}

const KEPT_MAX = 10_000
/** Looks for what to drop once in so many deliveries. */
const DROP_EVERY = 500

/** The journal in one SQLite file. A process that is killed loses nothing of it; a machine without power perhaps the last moments, which are sent again. */
export function openDeliveryJournal({ file, logId, keptMax = KEPT_MAX }: JournalOptions): DeliveryJournal {
  mkdirSync(dirname(file), { recursive: true })
  const db = new SqliteDatabase(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = normal')
  prepareTables(db, logId)
  return new SqliteJournal(db, keptMax)
}

function prepareTables(db: Database, logId: string): void {
  const version = db.pragma('user_version', { simple: true })
  if (version === 0) db.transaction(() => { db.exec(JOURNAL_SCHEMA) })()
  else if (version !== JOURNAL_VERSION) throw new Error(`${db.name} is of version ${String(version)}, which this version of Stockstream does not know: run a newer one.`)
  db.transaction(() => {
    const known = db.prepare<[], string>('select log_id from journal').pluck().get()
    if (known === logId) return
    for (const table of ['journal', 'endpoints', 'deliveries']) db.exec(`delete from ${table}`)
    db.prepare('insert into journal (id, log_id, requests_position) values (1, ?, 0)').run(logId)
  })()
}

const ORDER: Order = { name: 'deliveries', columns: { position: 'number' } }

class SqliteJournal implements DeliveryJournal {
  readonly #statements
  #ended = 0

  constructor(private readonly db: Database, private readonly keptMax: number) {
    this.#statements = {
      endpoint: db.prepare<[string], EndpointRow>('select * from endpoints where webhook = ?'),
      open: db.prepare('insert into endpoints (webhook, position, failures, rests_until) values (?, ?, 0, 0) on conflict do nothing'),
      advance: db.prepare('update endpoints set position = ? where webhook = ?'),
      health: db.prepare('update endpoints set failures = ?, failing_since = ?, rests_until = ? where webhook = ?'),
      enqueue: db.prepare("insert into deliveries (webhook, event_id, position, status, requested, attempts) values (?, ?, ?, 'PENDING', 0, 0) on conflict do nothing"),
      next: db.prepare<[string], DeliveryRow>("select * from deliveries where webhook = ? and status = 'PENDING' order by requested desc, position limit 1"),
      waiting: db.prepare<[string], number>("select count(*) from deliveries where webhook = ? and status = 'PENDING'").pluck(),
      allWaiting: db.prepare<[], number>("select count(*) from deliveries where status = 'PENDING'").pluck(),
      record: db.prepare(`update deliveries set status = ?, requested = 0, attempts = ?, last_status_code = ?, last_error = ?, next_attempt_at = ?
        where webhook = ? and event_id = ?`),
      delivery: db.prepare<[string, string], DeliveryRow>('select * from deliveries where webhook = ? and event_id = ?'),
      drop: db.prepare(`delete from deliveries where webhook = @webhook and status <> 'PENDING' and position <=
        (select position from deliveries where webhook = @webhook and status <> 'PENDING' order by position desc limit 1 offset @kept)`),
      requestsPosition: db.prepare<[], number>('select requests_position from journal').pluck(),
      requested: db.prepare('update journal set requests_position = ?'),
      again: db.prepare("update deliveries set requested = status <> 'PENDING', status = 'PENDING', next_attempt_at = null where webhook = ? and event_id = ?"),
      rested: db.prepare('update endpoints set rests_until = 0 where webhook = ?'),
    }
  }

  open(webhookId: string, from: number): QueueState {
    this.#statements.open.run(webhookId, from)
    const row = this.#statements.endpoint.get(webhookId)
    if (!row) throw new Error(`The queue of webhook ${webhookId} could not be opened.`)
    return { position: row.position, failures: row.failures, failingSince: row.failing_since, restsUntil: row.rests_until }
  }

  forgetAllBut(webhookIds: readonly string[]): void {
    const ids = JSON.stringify(webhookIds)
    this.db.transaction(() => {
      for (const table of ['endpoints', 'deliveries']) this.db.prepare(`delete from ${table} where webhook not in (select value from json_each(?))`).run(ids)
    })()
  }

  forgetAfter(head: number): void {
    this.db.transaction(() => {
      this.db.prepare('delete from deliveries where position > ?').run(head)
      this.db.prepare('update endpoints set position = min(position, ?)').run(head)
      this.db.prepare('update journal set requests_position = min(requests_position, ?)').run(head)
    })()
  }

  enqueue(webhookId: string, events: readonly Queued[], position: number): void {
    this.db.transaction(() => {
      for (const event of events) this.#statements.enqueue.run(webhookId, event.eventId, event.position)
      this.#statements.advance.run(position, webhookId)
    })()
  }

  next(webhookId: string) {
    const row = this.#statements.next.get(webhookId)
    return row && { delivery: view(row), isRequested: row.requested === 1 }
  }

  waiting(webhookId?: string): number {
    return (webhookId === undefined ? this.#statements.allWaiting.get() : this.#statements.waiting.get(webhookId)) ?? 0
  }

  record(delivery: DeliveryView, { failures, failingSince, restsUntil }: Health): void {
    const { webhookId, eventId, status, attempts, lastStatusCode, lastError, nextAttemptAt } = delivery
    this.db.transaction(() => {
      this.#statements.record.run(status, attempts, lastStatusCode, lastError, nextAttemptAt, webhookId, eventId)
      this.#statements.health.run(failures, failingSince, restsUntil, webhookId)
      if (status !== 'PENDING' && this.#ended++ % DROP_EVERY === 0) this.#statements.drop.run({ webhook: webhookId, kept: this.keptMax })
    })()
  }

  delivery(webhookId: string, eventId: string): DeliveryView | undefined {
    const row = this.#statements.delivery.get(webhookId, eventId)
    return row && view(row)
  }

  page({ webhookId, statuses, first, after }: DeliveryQuery): DeliveryPage {
    const among = "from deliveries where webhook = ? and (? is null or status in (select value from json_each(?)))"
    const asked = statuses ? JSON.stringify(statuses) : null
    const [from = 0] = after === undefined ? [] : readCursor(ORDER, after)
    const rows = this.db.prepare<unknown[], DeliveryRow>(`select * ${among} and position > ? order by position limit ?`).all(webhookId, asked, asked, from, first + 1)
    const shown = rows.slice(0, first)
    return {
      items: shown.map(view),
      cursors: shown.map((row) => cursorOf(ORDER, row)),
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== undefined,
      totalCount: this.db.prepare<unknown[], number>(`select count(*) ${among}`).pluck().get(webhookId, asked, asked) ?? 0,
    }
  }

  requestsPosition(): number {
    return this.#statements.requestsPosition.get() ?? 0
  }

  request(requests: readonly Redelivery[], position: number): void {
    this.db.transaction(() => {
      for (const { webhookId, eventId } of requests) {
        this.#statements.again.run(webhookId, eventId)
        this.#statements.rested.run(webhookId)
      }
      this.#statements.requested.run(position)
    })()
  }

  close(): void {
    this.db.close()
  }
}

interface EndpointRow extends Record<'position' | 'failures' | 'rests_until', number> { readonly failing_since: number | null }

const view = (row: DeliveryRow): DeliveryView => ({
  webhookId: row.webhook,
  eventId: row.event_id,
  position: row.position,
  status: row.status,
  attempts: row.attempts,
  lastStatusCode: row.last_status_code,
  lastError: row.last_error,
  nextAttemptAt: row.next_attempt_at,
})
