import { createPool, type Pool, type PoolConnection } from 'mysql2'
import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult } from 'kysely'
import { Unavailable } from '../../application/ports.ts'
import { ANSWER_MS_MAX, away, CONNECT_MS_MAX, READERS, READERS_WAITING_MAX } from '../mysql/connection.ts'

/** All reads of an answer are of one snapshot, whatever the server is set to. */
const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
]

/** Connections for kysely, opened as they are needed. What they reject with is Unavailable where the database is away. */
export function openPool(url: string): MysqlPool {
  const pool: Pool = createPool({
    uri: url, charset: 'utf8mb4', connectTimeout: CONNECT_MS_MAX, enableKeepAlive: true, connectionLimit: READERS, queueLimit: READERS_WAITING_MAX,
    decimalNumbers: true,
    // Names are bytes there, and text here.
    typeCast: (field, next) => (field.type === 'VAR_STRING' || field.type === 'BLOB' ? field.string('utf8') : next()),
  })
  pool.on('connection', (connection) => { for (const statement of SESSION) connection.query(statement) })
  return {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error) callback(away(error), undefined as never)
        else callback(undefined, guarded(connection))
      })
    },
    end: (callback) => { pool.end(callback) },
  }
}

/** One that does not answer is let go, and the pool opens another. */
function guarded(connection: PoolConnection): MysqlPoolConnection {
  const query = (text: string, parameters: unknown[], callback: (error: unknown, result: MysqlQueryResult) => void): void => {
    let isOver = false
    const end = (error: unknown, result: MysqlQueryResult): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      callback(error, result)
    }
    const timer = setTimeout(() => {
      connection.destroy()
      end(new Unavailable('The read model does not answer in time.'), [] as never)
    }, ANSWER_MS_MAX)
    connection.query(text, parameters, (error, result) => { end(error && away(error), result as unknown as MysqlQueryResult) })
  }
  return { query: query as MysqlPoolConnection['query'], release: () => { connection.release() } }
}
