import type { Connection, ConnectionOptions, Pool, RowDataPacket } from 'mysql2/promise'
import { Unavailable } from '../../application/ports.ts'

export const CONNECT_MS_MAX = 3_000
/** What takes longer is taken for lost, with its connection. */
export const ANSWER_MS_MAX = 10_000
export const READERS = 8
export const READERS_WAITING_MAX = 2_000

/**
 * How a session has to be, whatever the server is set to: what doesn't fit is refused, times are UTC, and what is read
 * after the ticket was taken is what stands there then. A lock that does not come is an error, and no hanging.
 */
const SESSION = [
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  "SET SESSION time_zone = '+00:00'",
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  'SET SESSION innodb_lock_wait_timeout = 5',
  'SET SESSION group_concat_max_len = 1073741824',
]

export type Value = string | number | Buffer | null | readonly (string | number)[]

/** One column after the other, as the statement names them. */
export type Row = readonly unknown[]

const optionsOf = (url: string): ConnectionOptions => ({
  uri: url, charset: 'utf8mb4', connectTimeout: CONNECT_MS_MAX, enableKeepAlive: true, rowsAsArray: true,
})

/** Loaded only where a database is asked for, as every other start need not wait for it. */
const driver = async () => await import('mysql2/promise')

/** A connection for many statements at once, set up for writing. Whoever opens it ends it. */
export async function connectWriter(url: string): Promise<Connection> {
  const { createConnection } = await driver()
  const connection = await createConnection({ ...optionsOf(url), multipleStatements: true })
  // Whoever uses it next hears of it; an event that nobody listens to would end the process.
  connection.on('error', () => undefined)
  await connection.query(SESSION.join(';'))
  return connection
}

/** Connections for reading, opened as they are needed. */
export class Readers {
  private pool: Promise<Pool> | undefined

  constructor(private readonly url: string) {}

  /** Rejects with Unavailable where the database does not answer, or says that it can't. */
  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    try {
      const connection = await (await (this.pool ??= this.open())).getConnection()
      try {
        const [rows] = await inTime(connection, connection.query<RowDataPacket[][]>(sql, [...values]))
        return rows
      } finally {
        connection.release()
      }
    } catch (error) {
      throw away(error)
    }
  }

  async close(): Promise<void> { await (await this.pool)?.end() }

  private async open(): Promise<Pool> {
    const { createPool } = await driver()
    return createPool({ ...optionsOf(this.url), connectionLimit: READERS, queueLimit: READERS_WAITING_MAX })
  }
}

/** The answer, or an error once it is late: the connection is then of no more use. */
export async function inTime<Answer>(connection: { destroy(): void }, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      connection.destroy()
      reject(new Unavailable('The database does not answer in time.'))
    }, ANSWER_MS_MAX)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What the database or the way to it says. What it refuses because of what it was asked stays what it is: a mistake of this program's. */
export function away(error: unknown): unknown {
  if (error instanceof Unavailable || !(error instanceof Error) || isMistake(error) || !('code' in error || 'fatal' in error)) return error
  return new Unavailable(`The event store's database can not do it for now: ${error.message}`, 1_000, { cause: error })
}

/** By the classes of SQLSTATE: data that does not fit, a key that is there already, a statement that can't be read. */
const isMistake = (error: Error): boolean => 'sqlState' in error && typeof error.sqlState === 'string' && /^(22|23|42)/.test(error.sqlState)

/** It may be had again at once, unlike a server that nobody finds: the connection has ended, or somebody has ended it. */
export function isLost(error: unknown): boolean {
  if (error instanceof Unavailable) return true
  if (!(error instanceof Error)) return false
  if ('sqlState' in error && typeof error.sqlState === 'string') return /^(08|70)/.test(error.sqlState)
  return 'code' in error ? error.code === 'PROTOCOL_CONNECTION_LOST' || error.code === 'ECONNRESET' || error.code === 'EPIPE' : 'fatal' in error
}
