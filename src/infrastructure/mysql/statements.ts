import type { Stillness } from '../../application/ports.ts'
import { subjectOf } from '../../domain/streams.ts'
import { eventParts } from '../event-log/record.ts'
import type { Batch, BatchEvent, BatchStream } from './batch.ts'

/** Writes values as the connection's server reads them: rows as `(…), (…)`. */
export type Escape = (value: unknown) => string

type Cells = readonly (string | number | null)[]

export interface Plan extends Pick<Batch<unknown>, 'streams' | 'events'> {
  readonly stillnesses: readonly Stillness[]
  /** Milliseconds since 1970 UTC: events are not recorded before those that stand there. */
  readonly now: number
}

/** Streams that are elsewhere, as their place in the plan from 0 and their end: null where all is well. The same for keys. */
const CONFLICTS = `@conflicts = (
  SELECT GROUP_CONCAT(CONCAT(c.k, ' ', COALESCE(s.version, 0), ' ', COALESCE(s.event_id, '')) SEPARATOR '\\n')
  FROM staged_streams c LEFT JOIN streams s ON s.name = c.stream
  WHERE COALESCE(s.version, 0) <> c.expected OR s.event_id <> c.expected_id)`

const KEYS_TAKEN = `@taken = (
  SELECT GROUP_CONCAT(e.k) FROM staged_events e JOIN commands c ON c.idempotency_key = e.idempotency_key)`

/** Whoever holds it writes alone until the commit: so positions have no gaps, and come in the order of the commits. */
const TICKET = [
  'START TRANSACTION',
  // Of one row; and of none, where the log is gone, all of it is null, and nothing can be inserted.
  'SELECT MAX(position), MAX(sha256), MAX(recorded_at) INTO @position, @previous, @recorded FROM ticket WHERE one = 1 FOR UPDATE',
]

const ISO = `CONCAT(DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL @at DIV 1000 SECOND), '%Y-%m-%dT%H:%i:%s'), '.', LPAD(@at MOD 1000, 3, '0'), 'Z')`

/** The line as the embedded log writes it, with its position and time in it and its CRC behind it. */
const EVENTS = `INSERT INTO events (position, stream, version, id, type, occurred_at, recorded_at, reference, correlation_id, line)
  SELECT o.position, o.stream, o.version, o.id, o.type, o.occurred_at, @at, o.reference, o.correlation_id,
    CONCAT(o.line, ',"crc":"', LPAD(LOWER(HEX(CRC32(o.line))), 8, '0'), '"}')
  FROM (
    SELECT @position + k AS position, stream, version, id, type, occurred_at, reference, correlation_id,
      CONCAT('{"position":', @position + k, ',', head, ',"recordedAt":"', @iso, '",', tail) AS line
    FROM staged_events WHERE @ok
  ) o ORDER BY o.position`

/** The chain, as in the embedded log: over the lines with their line feeds, after the hash before them. */
const HASH = `SET @sha256 = (SELECT SHA2(CONCAT(@previous, GROUP_CONCAT(line ORDER BY position SEPARATOR '\\n'), '\\n'), 256) FROM events WHERE @ok AND position > @position)`

const STREAMS = `INSERT INTO streams (name, version, event_id, position, sku, location)
  SELECT stream, version, event_id, @position + last_event, sku, location FROM staged_streams WHERE @ok AND last_event IS NOT NULL
  ON DUPLICATE KEY UPDATE version = VALUES(version), event_id = VALUES(event_id), position = VALUES(position)`

const COMMANDS = `INSERT INTO commands (idempotency_key, first, last)
  SELECT idempotency_key, @position + k, @position + k + command_events - 1 FROM staged_events WHERE @ok AND idempotency_key IS NOT NULL`

/**
 * One transaction as one text, so that it ends on the server however long this process is away in its midst. Nothing
 * in it fails where an append can't be done: then it changes nothing, and its answer, the last of the results, says why.
 */
export function batchStatements(plan: Plan, escape: Escape): string {
  return [...stage(plan, escape), ...(plan.events.length > 0 ? writing(plan, escape) : looking(plan, escape)), ANSWER].join(';\n')
}

const ANSWER = 'SELECT @ok, @position, @at, @sha256, @conflicts, @taken, @stirred'

const stage = ({ streams, events }: Plan, escape: Escape): readonly string[] => [
  'DELETE FROM staged_streams', 'DELETE FROM staged_events',
  ...(streams.length > 0 ? [`INSERT INTO staged_streams VALUES ${escape(streams.map(streamRow))}`] : []),
  ...(events.length > 0 ? [`INSERT INTO staged_events VALUES ${escape(events.map(eventRow))}`] : []),
]

const looking = (plan: Plan, escape: Escape): readonly string[] => checks(plan, escape, ['@position = NULL', '@at = NULL', '@sha256 = NULL'])

function writing(plan: Plan, escape: Escape): readonly string[] {
  const { events, now } = plan
  const hasKeys = events.some(({ event }) => event.metadata.idempotency)
  return [
    ...TICKET, ...checks(plan, escape, [`@at = GREATEST(@recorded, ${now})`]), `SET @iso = ${ISO}`,
    EVENTS, HASH, STREAMS, ...(hasKeys ? [COMMANDS] : []),
    `INSERT INTO batches SELECT @position + ${events.length}, ${events.length}, @sha256, @previous FROM ticket WHERE one = 1 AND @ok`,
    `UPDATE ticket SET position = position + ${events.length}, sha256 = @sha256, recorded_at = @at WHERE one = 1 AND @ok`,
    'COMMIT',
  ]
}

/** With `more` to set: every statement is a step of the server's while others wait for the ticket. */
function checks({ events, stillnesses }: Plan, escape: Escape, more: readonly string[]): readonly string[] {
  const hasKeys = events.some(({ event }) => event.metadata.idempotency)
  return [
    `SET ${[CONFLICTS, hasKeys ? KEYS_TAKEN : '@taken = NULL', `@stirred = ${stirred(stillnesses, escape)}`, ...more].join(', ')}`,
    'SET @ok = @conflicts IS NULL AND @taken IS NULL AND @stirred IS NULL',
  ]
}

function stirred(stillnesses: readonly Stillness[], escape: Escape): string {
  if (stillnesses.length === 0) return 'NULL'
  const looks = stillnesses.map(({ location, position }, n) =>
    `IF(EXISTS (SELECT 1 FROM streams WHERE location = ${escape(location)} AND position > ${position}), ${n}, NULL)`)
  return `NULLIF(CONCAT_WS(',', ${looks.join(', ')}), '')`
}

function streamRow({ stream, expected, end }: BatchStream, k: number): Cells {
  const { sku, location } = subjectOf(stream)
  return [k, stream, expected.version, expected.eventId ?? null, end.version, end.eventId ?? null, end.event ?? null, sku ?? null, location ?? null]
}

function eventRow({ stream, version, event }: BatchEvent, n: number): Cells {
  const { id, type, occurredAt, metadata: { reference, correlationId, idempotency } } = event
  const { head, tail } = eventParts(stream, version, event)
  return [n + 1, stream, version, id, type, occurredAt, reference ?? null, correlationId, idempotency?.key ?? null, idempotency?.events ?? null, head, tail]
}
