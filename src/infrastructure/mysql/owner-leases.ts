import type { Leases, Owner } from '../../application/ownership.ts'
import { Readers } from './connection.ts'

/** Whoever does not come back within this time owns nothing any more. */
const LEASE_MS = 2_000

/** By the clock of the database, which is the same for all nodes. */
const NOW = 'FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)'

const TABLE = `CREATE TABLE IF NOT EXISTS owners (
  slot INT NOT NULL PRIMARY KEY,
  id CHAR(36) CHARACTER SET ascii NOT NULL,
  url VARCHAR(1024) NOT NULL,
  token CHAR(64) CHARACTER SET ascii NOT NULL,
  until_ms BIGINT NOT NULL
) ENGINE = InnoDB`

/** `self.url` is undefined where other nodes can't reach this one: it then owns nothing, and only asks who does. */
export function openOwnerLeases(url: string, self: Omit<Owner, 'url'> & { readonly url: string | undefined }): Leases {
  const database = new Readers(url)
  let isThere = false

  async function take(slots: readonly number[]): Promise<void> {
    await database.rows(`INSERT IGNORE INTO owners VALUES ${slots.map((slot) => `(${slot}, '', '', '', 0)`).join()}`)
    await database.rows(`UPDATE owners SET id = ?, url = ?, token = ?, until_ms = ${NOW} + ${LEASE_MS} WHERE slot IN (?) AND (id = ? OR until_ms <= ${NOW})`,
      [self.id, self.url ?? '', self.token, slots, self.id])
  }

  return {
    id: self.id,
    async claim(slots) {
      if (!isThere) await database.rows(TABLE)
      isThere = true
      if (self.url !== undefined) await take(slots)
      const rows = await database.rows(`SELECT slot, id, url, token, until_ms - ${NOW} FROM owners WHERE slot IN (?) AND until_ms > ${NOW}`, [slots])
      return rows.map(([slot, id, address, token, remaining]) => ({
        slot: Number(slot), owner: { id: String(id), url: String(address), token: String(token) }, remainingMs: Number(remaining),
      }))
    },
    async release() {
      try {
        if (isThere) await database.rows('UPDATE owners SET until_ms = 0 WHERE id = ?', [self.id])
      } finally {
        await database.close()
      }
    },
  }
}
