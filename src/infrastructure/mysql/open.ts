import { randomUUID } from 'node:crypto'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Logger } from '../../application/ports.ts'
import { NO_HASH } from '../event-log/record.ts'
import { away, connectWriter } from './connection.ts'
import { FORMAT, MIGRATING, TABLES } from './schema.ts'

/** What may lose commits that were answered, and how it has to be. Those that a server doesn't know hold nothing up. */
const DURABLE: Readonly<Record<string, string>> = { innodb_flush_log_at_trx_commit: '1', sync_binlog: '1', innodb_doublewrite: 'ON' }

/** The database would lose commits that were answered. */
export class NotDurable extends Error {
  override readonly name = 'NotDurable'
}

/** Makes the tables where they are missing; the log's id. Throws NotDurable where the server may lose what it has committed. */
export async function openLog(url: string, logger: Pick<Logger, 'warn'>, { isMigrating = false } = {}): Promise<string> {
  const connection = await connectWriter(url).catch((error: unknown) => { throw away(error) })
  try {
    await requireDurable(connection, logger)
    for (const table of TABLES) await connection.query(table)
    await connection.query('INSERT IGNORE INTO ticket VALUES (1, ?, ?, 0, ?, 0)', [randomUUID(), FORMAT, NO_HASH])
    const [[row]] = await connection.query<(RowDataPacket & [Buffer, number])[]>('SELECT log, format FROM ticket WHERE one = 1')
    if (row?.[1] === MIGRATING && !isMigrating) throw new Error('A log is being copied into the database, or was in part: run `stockstream migrate` to its end.')
    if (row?.[1] !== FORMAT && row?.[1] !== MIGRATING) throw new Error(`The database has tables of format ${row?.[1] ?? 'none'}, which this version of Stockstream does not know: run a newer one.`)
    return row[0].toString()
  } catch (error) {
    throw away(error)
  } finally {
    await connection.end()
  }
}

/** Without a binary log, how it is synced does not matter; but then others may read a commit before it is on disk. */
async function requireDurable(connection: Connection, logger: Pick<Logger, 'warn'>): Promise<void> {
  const [rows] = await connection.query<(RowDataPacket & [string, string])[]>('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [[...Object.keys(DURABLE), 'log_bin']])
  const settings = new Map(rows.map(([name, value]) => [name, value]))
  const hasBinlog = settings.get('log_bin') === 'ON'
  const wrong = Object.entries(DURABLE).filter(([name, value]) => settings.has(name) && settings.get(name) !== value && (hasBinlog || name !== 'sync_binlog'))
  if (wrong.length > 0) {
    const settingsNow = wrong.map(([name]) => `${name}=${settings.get(name) ?? ''}`).join(', ')
    throw new NotDurable(`The database may lose what it has committed (${settingsNow}): set ${wrong.map(([name, value]) => `${name}=${value}`).join(' and ')} there.`)
  }
  if (!hasBinlog) logger.warn({}, 'The database writes no binary log: after a crash of its machine, nodes may have seen events that it no longer has. Set log_bin.')
}
