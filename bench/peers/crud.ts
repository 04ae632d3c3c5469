/**
 * The same stock as a CRUD service: Fastify and PostgreSQL, one round trip a request, prepared statements, a row lock
 * that is held for one statement. Says nothing of history, past moments, idempotency or subscriptions.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import pg from 'pg'
import { SKUS } from '../workloads.ts'
import { LOCATION, OPENING_STOCK, skuAt } from '../seed.ts'

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

interface Line { readonly sku: string; readonly location: string; readonly quantity: number }

const sku = { type: 'string', minLength: 1, maxLength: 64 }
const place = { sku, location: sku }
const body = (properties: object) => ({ schema: { body: { type: 'object', required: Object.keys(properties), properties, additionalProperties: false } } })

const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS })
await pool.query(SCHEMA)
await pool.query('INSERT INTO location VALUES ($1, $2)', [LOCATION, 'Lisbon'])
const skus = Array.from({ length: SKUS }, (_, n) => skuAt(n))
await pool.query('INSERT INTO product SELECT sku, \'Product \' || sku FROM unnest($1::text[]) sku', [skus])
await pool.query('INSERT INTO stock (sku, location, on_hand) SELECT sku, $2, $3 FROM unnest($1::text[]) sku', [skus, LOCATION, OPENING_STOCK])
await pool.query('VACUUM ANALYZE')

const server = Fastify()
server.post<{ Body: Line }>('/stock', body(place), async ({ body: { sku, location } }, reply) => {
  const { rows: [row] } = await pool.query<object>({ ...READ, values: [sku, location] })
  return row ?? reply.code(404).send()
})
server.post<{ Body: Line }>('/reservations', body({ ...place, quantity: { type: 'integer', minimum: 1 } }), async ({ body: { sku, location, quantity } }, reply) => {
  const { rows: [row] } = await pool.query<object>({ ...RESERVE, values: [sku, location, quantity, randomUUID()] })
  return row ?? reply.code(409).send()
})
await server.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}\n`)
process.once('SIGTERM', () => { process.exit() })
