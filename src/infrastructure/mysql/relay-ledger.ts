import { randomUUID } from 'node:crypto'
import type { RelayLedger } from '../../application/relay.ts'
import { Readers } from './connection.ts'

/** Whoever does not come back within this time has lost its turn. */
const TURN_MS = 3_000

/** By the clock of the database, which is the same for all nodes. */
const NOW = 'FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)'

const TABLE = `CREATE TABLE IF NOT EXISTS relay (
  one TINYINT NOT NULL PRIMARY KEY,
  owner CHAR(36) CHARACTER SET ascii NOT NULL,
  until_ms BIGINT NOT NULL,
  position BIGINT NOT NULL
) ENGINE = InnoDB`

/** How far the log is published, in the database where it stands, and which node's turn it is. */
export function openMysqlLedger(url: string): RelayLedger {
  const database = new Readers(url)
  const owner = randomUUID()
  let isThere: Promise<void> | undefined

  async function make(): Promise<void> {
    await database.rows(TABLE)
    await database.rows("INSERT IGNORE INTO relay VALUES (1, '', 0, 0)")
  }

  /** The database may be away when the node begins. */
  async function there(): Promise<void> {
    isThere ??= make()
    await isThere.catch((error: unknown) => {
      isThere = undefined
      throw error
    })
  }

  async function ours(): Promise<number | undefined> {
    const [row] = await database.rows(`SELECT position FROM relay WHERE one = 1 AND owner = ? AND until_ms > ${NOW}`, [owner])
    return row && Number(row[0])
  }

  return {
    async claim() {
      await there()
      await database.rows(`UPDATE relay SET owner = ?, until_ms = ${NOW} + ${TURN_MS} WHERE one = 1 AND (owner = ? OR until_ms <= ${NOW})`, [owner, owner])
      return ours()
    },
    async advance(position) {
      await database.rows(`UPDATE relay SET position = GREATEST(position, ?), until_ms = ${NOW} + ${TURN_MS} WHERE one = 1 AND owner = ?`, [position, owner])
      return await ours() !== undefined
    },
    async release() {
      try {
        await database.rows('UPDATE relay SET until_ms = 0 WHERE one = 1 AND owner = ?', [owner])
      } finally {
        await database.close()
      }
    },
  }
}
