import type { ReservationView, TransferView } from '../../application/views.ts'

export interface ReservationsTable {
  id: string
  status: ReservationView['status']
  /** JSON. */
  lines: string
  reference: string | null
  placed_at: number
  expires_at: number | null
  version: number
}

/** What a reservation is about, to find it by. Kept by triggers: the lines of a reservation never change. */
export interface ReservationLinesTable {
  reservation: string
  sku: string
  location: string
  status: ReservationView['status']
}

export interface TransfersTable {
  id: string
  status: TransferView['status']
  origin: string
  destination: string
  /** JSON. */
  lines: string
  reference: string | null
  dispatched_at: number
  completed_at: number | null
  version: number
}

export interface PromiseTables {
  reservations: ReservationsTable
  reservation_lines: ReservationLinesTable
  transfers: TransfersTable
}

export const PROMISES_SCHEMA = `
create table reservations (
  id text primary key,
  status text not null,
  lines text not null,
  reference text,
  placed_at integer not null,
  expires_at integer,
  version integer not null
) strict, without rowid;
create index reservations_by_status on reservations (status, id);
create index reservations_by_reference on reservations (reference, id) where reference is not null;
create index reservations_due on reservations (expires_at, id) where status = 'OPEN' and expires_at is not null;

create table reservation_lines (
  reservation text not null,
  sku text not null,
  location text not null,
  status text not null,
  primary key (reservation, sku, location)
) strict, without rowid;
create index reservation_lines_by_sku on reservation_lines (sku, status, reservation);
create index reservation_lines_by_location on reservation_lines (location, status, reservation);
create trigger reservation_placed after insert on reservations begin
  insert into reservation_lines (reservation, sku, location, status)
  select new.id, value ->> 'sku', value ->> 'location', new.status from json_each(new.lines);
end;
create trigger reservation_ended after update of status on reservations when old.status <> new.status begin
  update reservation_lines set status = new.status where reservation = new.id;
end;

create table transfers (
  id text primary key,
  status text not null,
  origin text not null,
  destination text not null,
  lines text not null,
  reference text,
  dispatched_at integer not null,
  completed_at integer,
  version integer not null
) strict, without rowid;
create index transfers_by_status on transfers (status, id);
create index transfers_by_origin on transfers (origin, status, id);
create index transfers_by_destination on transfers (destination, status, id);
`
