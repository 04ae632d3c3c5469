/**
 * The same stock as a CRUD service: Fastify and PostgreSQL, one round trip a request, prepared statements, a row lock
 * that is held for one statement. Says nothing of history, past moments, idempotency or subscriptions.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { SKUS } from '../workloads.ts'
import { LOCATION, OPENING_STOCK, skuAt } from '../seed.ts'
import { serveStock } from './crud-http.ts'

const CONNECTIONS = 32

const SCHEMA = `
  CREATE TABLE product (sku text PRIMARY KEY, name text NOT NULL);
  CREATE TABLE location (code text PRIMARY KEY, name text NOT NULL);
  CREATE TABLE stock (
    sku text NOT NULL REFERENCES product, location text NOT NULL REFERENCES location,
    on_hand bigint NOT NULL, reserved bigint NOT NULL DEFAULT 0, version integer NOT NULL DEFAULT 1, PRIMARY KEY (sku, location)
  ) WITH (fillfactor = 50);
  CREATE TABLE reservation (
    id uuid PRIMARY KEY, sku text NOT NULL, location text NOT NULL, quantity bigint NOT NULL, status text NOT NULL, placed_at timestamptz NOT NULL DEFAULT now()
  );`

const READ = {
  name: 'read',
  text: `SELECT s.sku, p.name, s.location, l.name AS location_name, s.on_hand::float8, s.reserved::float8, s.version
    FROM stock s JOIN product p USING (sku) JOIN location l ON l.code = s.location WHERE s.sku = $1 AND s.location = $2`,
}

/** The row is locked, judged and changed, and the reservation is placed, in one statement and one transaction. */
const RESERVE = {
  name: 'reserve',
  text: `WITH taken AS (
      UPDATE stock SET reserved = reserved + $3, version = version + 1
      WHERE sku = $1 AND location = $2 AND on_hand - reserved >= $3 RETURNING sku, location
    ) INSERT INTO reservation (id, sku, location, quantity, status) SELECT $4, sku, location, $3, 'OPEN' FROM taken RETURNING id, status`,
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS })
await pool.query(SCHEMA)
await pool.query('INSERT INTO location VALUES ($1, $2)', [LOCATION, 'Lisbon'])
const skus = Array.from({ length: SKUS }, (_, n) => skuAt(n))
await pool.query('INSERT INTO product SELECT sku, \'Product \' || sku FROM unnest($1::text[]) sku', [skus])
await pool.query('INSERT INTO stock (sku, location, on_hand) SELECT sku, $2, $3 FROM unnest($1::text[]) sku', [skus, LOCATION, OPENING_STOCK])
await pool.query('VACUUM ANALYZE')

await serveStock({
  async read({ sku, location }) { return (await pool.query<object>({ ...READ, values: [sku, location] })).rows[0] },
  async reserve({ sku, location, quantity }) { return (await pool.query<object>({ ...RESERVE, values: [sku, location, quantity, randomUUID()] })).rows[0] },
})
