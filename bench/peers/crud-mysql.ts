/**
 * The CRUD service on MySQL or MariaDB: one round trip a request, prepared statements, a row lock from the change to the
 * commit. `tables` as second argument makes and fills the tables first.
 */
import { randomUUID } from 'node:crypto'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import { LOCATION, OPENING_STOCK, skuAt } from '../seed.ts'
import { SKUS } from '../workloads.ts'
import { serveStock } from './crud-http.ts'

const CONNECTIONS = 32

const SCHEMA = [
  'CREATE TABLE product (sku VARCHAR(64) PRIMARY KEY, name TEXT NOT NULL)',
  'CREATE TABLE location (code VARCHAR(64) PRIMARY KEY, name TEXT NOT NULL)',
  `CREATE TABLE stock (
    sku VARCHAR(64) NOT NULL REFERENCES product (sku), location VARCHAR(64) NOT NULL REFERENCES location (code),
    on_hand BIGINT NOT NULL, reserved BIGINT NOT NULL DEFAULT 0, version INT NOT NULL DEFAULT 1, PRIMARY KEY (sku, location)
  )`,
  `CREATE TABLE reservation (
    id CHAR(36) CHARACTER SET ascii PRIMARY KEY, sku VARCHAR(64) NOT NULL, location VARCHAR(64) NOT NULL, quantity BIGINT NOT NULL,
    status VARCHAR(16) NOT NULL, placed_at DATETIME(3) NOT NULL DEFAULT NOW(3)
  )`,
  // One round trip for the whole transaction.
  `CREATE PROCEDURE reserve(wanted_sku VARCHAR(64), wanted_location VARCHAR(64), wanted BIGINT, new_id CHAR(36))
   BEGIN
     START TRANSACTION;
     UPDATE stock SET reserved = reserved + wanted, version = version + 1
       WHERE sku = wanted_sku AND location = wanted_location AND on_hand - reserved >= wanted;
     IF ROW_COUNT() = 1 THEN
       INSERT INTO reservation (id, sku, location, quantity, status) VALUES (new_id, wanted_sku, wanted_location, wanted, 'OPEN');
       COMMIT;
       SELECT new_id AS id, 'OPEN' AS status;
     ELSE
       ROLLBACK;
       SELECT NULL AS id, NULL AS status FROM DUAL WHERE FALSE;
     END IF;
   END`,
]

const READ = `SELECT s.sku, p.name, s.location, l.name AS location_name, s.on_hand, s.reserved, s.version
  FROM stock s JOIN product p USING (sku) JOIN location l ON l.code = s.location WHERE s.sku = ? AND s.location = ?`

const [, , uri = '', mode] = process.argv
const pool = createPool({ uri, connectionLimit: CONNECTIONS })
if (mode === 'tables') await fill()

await serveStock({
  async read({ sku, location }) { return (await pool.execute<RowDataPacket[]>(READ, [sku, location]))[0][0] },
  async reserve({ sku, location, quantity }) {
    const [[rows]] = await pool.execute<RowDataPacket[][]>('CALL reserve(?, ?, ?, ?)', [sku, location, quantity, randomUUID()])
    return rows?.[0]
  },
})

async function fill(): Promise<void> {
  for (const statement of SCHEMA) await pool.query(statement)
  const skus = Array.from({ length: SKUS }, (_, n) => skuAt(n))
  await pool.query('INSERT INTO location VALUES (?, ?)', [LOCATION, 'Lisbon'])
  await pool.query('INSERT INTO product VALUES ?', [skus.map((sku) => [sku, `Product ${sku}`])])
  await pool.query('INSERT INTO stock (sku, location, on_hand) VALUES ?', [skus.map((sku) => [sku, LOCATION, OPENING_STOCK])])
}
