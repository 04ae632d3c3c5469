/** The version of these tables, in the file's user_version. They are not derived: a change of them takes a migration. */
export const JOURNAL_VERSION = 1

export const JOURNAL_SCHEMA = `
create table journal (
  id integer primary key check (id = 1),
  log_id text not null,
  requests_position integer not null
) strict;

create table endpoints (
  webhook text primary key,
  position integer not null,
  failures integer not null,
  failing_since integer,
  rests_until integer not null
) strict, without rowid;

create table deliveries (
  webhook text not null,
  position integer not null,
  event_id text not null,
  status text not null,
  requested integer not null,
  attempts integer not null,
  last_status_code integer,
  last_error text,
  next_attempt_at integer,
  primary key (webhook, position)
) strict, without rowid;
create unique index deliveries_by_event on deliveries (webhook, event_id);
create index deliveries_pending on deliveries (webhook, requested desc, position) where status = 'PENDING';
create index deliveries_by_status on deliveries (webhook, status, position);
pragma user_version = ${JOURNAL_VERSION};
`

export interface DeliveryRow {
  readonly webhook: string
  readonly position: number
  readonly event_id: string
  readonly status: 'PENDING' | 'DELIVERED' | 'FAILED'
  readonly requested: number
  readonly attempts: number
  readonly last_status_code: number | null
  readonly last_error: string | null
  readonly next_attempt_at: number | null
}
