import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreLocked } from './errors.ts'

/**
 * One process writes. The lock is the kernel's, on a file that SQLite opens: it dies with the process, and it
 * holds among containers that share the folder, where every process may have the same pid.
 */
export function lockStore(directory: string): () => void {
  const database = new Database(join(directory, 'lock.sqlite'), { timeout: 0 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw new StoreLocked(directory, { cause: error })
    throw error
  }
  return () => { database.close() }
}
