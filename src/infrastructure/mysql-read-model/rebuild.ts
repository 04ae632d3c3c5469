import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { makeTables } from './open.ts'
import { TABLES } from './schema.ts'
import { MysqlTables, TAKE_BY_FORCE } from './tables.ts'
import { away, connectWriter } from '../mysql/connection.ts'
import { gathered } from '../read-model/gathered.ts'
import { stockLevelView } from '../read-model/rows.ts'
import type { StockLevelsTable } from '../read-model/schema.ts'
import { Folding } from '../../application/folding.ts'
import type { EventStore, RecordedEvent } from '../../application/ports.ts'
import type { ReadModel, StockLevelVersion } from '../../application/read-model.ts'

export interface RebuildOptions {
  readonly url: string
  readonly store: Pick<EventStore, 'id' | 'head' | 'read' | 'readStream' | 'refresh'>
  readonly onProgress: (position: number) => void
}

const FRESH = 'new_'
const OLD = 'old_'
const BATCH_EVENTS = 2_000
/** Answers that are being read hold up the swap, and the swap holds up those that come after it. */
const SWAP_SECONDS_MAX = 5
const SWAPS_MAX = 20
const RETRY_MS = 500

/** Makes new tables beside those that nodes answer from and go on projecting, and swaps them in one step. */
export async function rebuildMysqlReadModel({ url, store, onProgress }: RebuildOptions): Promise<void> {
  const connection = await connectWriter(url).catch((error: unknown) => { throw away(error) })
  const fresh = new MysqlTables(url, FRESH)
  try {
    await drop(connection, FRESH)
    await makeTables(connection, store.id, FRESH)
    const folding = new Folding({ store, readModel: { stockLevelsAfter: (keys) => levelsAfter(connection, keys) } })
    const projectAll = async (): Promise<void> => {
      await store.refresh?.()
      for await (const events of gathered(store.read(await fresh.position()), BATCH_EVENTS)) {
        await project(fresh, folding, events)
        onProgress(events.at(-1)?.position ?? 0)
      }
    }
    await projectAll()
    await swap(connection, store.id, projectAll)
  } finally {
    await fresh.release()
    await connection.end()
  }
}

async function project(tables: MysqlTables, folding: Folding, events: readonly RecordedEvent[]): Promise<void> {
  const [from, to] = [(events[0]?.position ?? 0) - 1, events.at(-1)?.position ?? 0]
  const changes = await folding.changesOf(events)
  if (!await tables.commit(changes, from, to)) throw new Error('Somebody else is making the read model anew.')
  folding.keep(changes)
}

/** Nobody projects meanwhile, so that the new tables are not behind the old ones. */
async function swap(connection: Connection, logId: string, projectAll: () => Promise<void>): Promise<void> {
  await makeTables(connection, logId)
  await drop(connection, OLD)
  await connection.query(`SET SESSION lock_wait_timeout = ${SWAP_SECONDS_MAX}`)
  const names = Object.keys(TABLES)
  const renames = names.flatMap((name) => [`${name} TO ${OLD}${name}`, `${FRESH}${name} TO ${name}`])
  try {
    for (let left = SWAPS_MAX; ; left -= 1) {
      await connection.query(TAKE_BY_FORCE, [randomUUID()])
      await projectAll()
      try {
        await connection.query(`RENAME TABLE ${renames.join(', ')}`)
        break
      } catch (error) {
        if (left === 0) throw away(error)
        await wait(RETRY_MS)
      }
    }
  } finally {
    await connection.query('UPDATE projector SET until_ms = 0')
  }
  await drop(connection, OLD)
}

async function drop(connection: Connection, prefix: string): Promise<void> {
  await connection.query(`DROP TABLE IF EXISTS ${Object.keys(TABLES).map((name) => prefix + name).join(', ')}`)
}

/** From the new timeline, where memory has forgotten them. */
async function levelsAfter(connection: Connection, keys: readonly StockLevelVersion[]): ReturnType<ReadModel['stockLevelsAfter']> {
  const wanted = keys.map(({ sku, location, version }) => [sku, location, version])
  const [rows] = await connection.query<(RowDataPacket & Selectable<StockLevelsTable>)[]>({
    sql: `SELECT t.*, CONVERT(sku USING utf8mb4) AS sku, CONVERT(location USING utf8mb4) AS location, recorded_at AS updated_at, 0 AS available
      FROM ${FRESH}timeline t WHERE (sku, location, version) IN (?)`,
    values: [wanted], rowsAsArray: false,
  })
  const found = new Map(rows.map((row) => [JSON.stringify([row.sku, row.location, row.version]), stockLevelView(row)]))
  return { value: wanted.map((key) => found.get(JSON.stringify(key))), position: 0, stale: false }
}
