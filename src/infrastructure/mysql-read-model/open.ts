import { Kysely, MysqlDialect } from 'kysely'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { mysql } from './dialect.ts'
import { openPool } from './pool.ts'
import { createRowReads } from './row-reads.ts'
import { createTable, PROJECTOR, TABLES } from './schema.ts'
import { createStreamRows, type StreamRow } from './stream-rows.ts'
import { MysqlTables } from './tables.ts'
import { away, connectWriter } from '../mysql/connection.ts'
import { createReadModel } from '../read-model/queries.ts'
import { SCHEMA_VERSION, type Tables } from '../read-model/schema.ts'
import type { ReadModel, SharedTables } from '../../application/read-model.ts'

export interface SharedReadModel {
  readonly readModel: ReadModel
  readonly tables: SharedTables
  readonly row: StreamRow
  close(): Promise<void>
}

export interface SharedReadModelOptions {
  /** `mysql://user:password@host:port/database`. */
  readonly url: string
  readonly logId: string
}

/** The read model in a database that several nodes share; its tables are made where they are missing. Whoever opens it closes it. */
export async function openMysqlReadModel({ url, logId }: SharedReadModelOptions): Promise<SharedReadModel> {
  const connection = await connectWriter(url).catch((error: unknown) => { throw away(error) })
  try {
    await connection.query(PROJECTOR)
    await connection.query("INSERT IGNORE INTO projector VALUES (1, '', 0, 0)")
    await makeTables(connection, logId)
    await requireOurs(connection, logId)
  } finally {
    await connection.end()
  }
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: openPool(url) }) })
  const tables = new MysqlTables(url)
  return {
    readModel: createReadModel(db, createRowReads(db), mysql), tables, row: createStreamRows(db),
    async close() {
      await tables.release().catch(() => undefined)
      await db.destroy()
    },
  }
}

/** Empty ones, at the beginning of the log. */
export async function makeTables(connection: Connection, logId: string, prefix = ''): Promise<void> {
  for (const name of Object.keys(TABLES)) await connection.query(createTable(name, prefix))
  await connection.query(`INSERT IGNORE INTO ${prefix}checkpoint VALUES (1, ?, ?, 0)`, [logId, SCHEMA_VERSION])
}

/** They may be what other nodes answer from, so that nothing is removed unasked. */
async function requireOurs(connection: Connection, logId: string): Promise<void> {
  const [[found]] = await connection.query<(RowDataPacket & [Buffer, number])[]>('SELECT log_id, schema_version FROM checkpoint WHERE one = 1')
  if (found?.[0].toString() !== logId) throw new Error('The database of READ_MODEL_URL holds the read model of another log: name another database there, or run `stockstream rebuild`.')
  if (found[1] === SCHEMA_VERSION) return
  throw new Error(`The database of READ_MODEL_URL holds a read model of version ${found[1]}, and this is version ${SCHEMA_VERSION}: name another database there, so that nodes of the other version go on with theirs, or run \`stockstream rebuild\`.`)
}
