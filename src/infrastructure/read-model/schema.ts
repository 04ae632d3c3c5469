import type { GeneratedAlways } from 'kysely'
import { PROMISES_SCHEMA, type PromiseTables } from './promises-schema.ts'
import { WEBHOOKS_SCHEMA, type WebhooksTable } from './webhooks.ts'
import type { LocationKind, Unit } from '../../domain/events.ts'

/** One in so many rows of the timeline is indexed by its time: the rest is found from there. */
export const MARK_EVERY = 64

/** Raise it with every change of the tables or of what a projection writes: older files are then made anew. */
export const SCHEMA_VERSION = 5

export interface ProductsTable {
  /** What the index of names points to. */
  id: GeneratedAlways<number>
  sku: string
  /** For a search by the start of the SKU, whatever its case. */
  sku_folded: string
  name: string
  barcode: string | null
  unit: Unit
  /** JSON. */
  attributes: string
  status: 'ACTIVE' | 'DISCONTINUED'
  version: number
  registered_at: number
  updated_at: number
}

export interface LocationsTable {
  code: string
  name: string
  kind: LocationKind
  time_zone: string
  status: 'OPEN' | 'CLOSED'
  version: number
  opened_at: number
  updated_at: number
}

export interface StockLevelsTable {
  sku: string
  location: string
  on_hand: number
  reserved: number
  unavailable: number
  incoming: number
  available: GeneratedAlways<number>
  safety_stock: number
  reorder_point: number | null
  reorder_quantity: number | null
  backorder_limit: number
  allow_negative: number
  version: number
  updated_at: number
}

/**
 * A stock level right after each of its events. `high` is the latest occurred_at up to there: all that a moment
 * before it has and the rows up to it don't are the late events after it.
 */
export interface TimelineTable extends Omit<StockLevelsTable, 'available' | 'updated_at'> {
  position: number
  occurred_at: number
  recorded_at: number
  high: number
  /** What the event added. */
  on_hand_delta: number
  reserved_delta: number
  unavailable_delta: number
  incoming_delta: number
}

export interface CheckpointTable {
  log_id: string
  schema_version: number
  position: number
}

export interface Tables extends PromiseTables {
  products: ProductsTable
  locations: LocationsTable
  stock_levels: StockLevelsTable
  timeline: TimelineTable
  webhooks: WebhooksTable
  checkpoint: CheckpointTable
}

export const SCHEMA = `
create table checkpoint (
  id integer primary key check (id = 1),
  log_id text not null,
  schema_version integer not null,
  position integer not null
) strict;

create table products (
  id integer primary key,
  sku text not null unique,
  sku_folded text not null,
  name text not null,
  barcode text,
  unit text not null,
  attributes text not null,
  status text not null,
  version integer not null,
  registered_at integer not null,
  updated_at integer not null
) strict;
create index products_by_sku_folded on products (sku_folded);

create virtual table product_names using fts5 (name, content = 'products', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
create trigger product_named after insert on products begin
  insert into product_names (rowid, name) values (new.id, new.name);
end;
create trigger product_renamed after update of name on products when old.name <> new.name begin
  insert into product_names (product_names, rowid, name) values ('delete', old.id, old.name);
  insert into product_names (rowid, name) values (new.id, new.name);
end;

create table locations (
  code text primary key,
  name text not null,
  kind text not null,
  time_zone text not null,
  status text not null,
  version integer not null,
  opened_at integer not null,
  updated_at integer not null
) strict, without rowid;

create table stock_levels (
  sku text not null,
  location text not null,
  on_hand integer not null,
  reserved integer not null,
  unavailable integer not null,
  incoming integer not null,
  available integer not null generated always as (on_hand - reserved - unavailable) virtual,
  safety_stock integer not null,
  reorder_point integer,
  reorder_quantity integer,
  backorder_limit integer not null,
  allow_negative integer not null,
  version integer not null,
  updated_at integer not null,
  primary key (sku, location)
) strict, without rowid;
create index stock_levels_by_location on stock_levels (location, sku);
create index stock_levels_by_on_hand on stock_levels (on_hand, sku, location);
create index stock_levels_by_available on stock_levels (available, sku, location);
create index stock_levels_by_updated_at on stock_levels (updated_at, sku, location);
create index stock_levels_low on stock_levels (sku, location) where reorder_point is not null and available <= reorder_point;

create table timeline (
  sku text not null,
  location text not null,
  version integer not null,
  position integer not null,
  occurred_at integer not null,
  recorded_at integer not null,
  high integer not null,
  on_hand integer not null,
  reserved integer not null,
  unavailable integer not null,
  incoming integer not null,
  on_hand_delta integer not null,
  reserved_delta integer not null,
  unavailable_delta integer not null,
  incoming_delta integer not null,
  safety_stock integer not null,
  reorder_point integer,
  reorder_quantity integer,
  backorder_limit integer not null,
  allow_negative integer not null,
  primary key (sku, location, version)
) strict, without rowid;
create index timeline_marks on timeline (sku, location, high, version) where version % ${MARK_EVERY} = 0;
create index timeline_late on timeline (sku, location, version, occurred_at, high, recorded_at, on_hand_delta, reserved_delta, unavailable_delta, incoming_delta) where occurred_at < high;
${PROMISES_SCHEMA}${WEBHOOKS_SCHEMA}`
