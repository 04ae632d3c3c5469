import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreLocked } from './errors.ts'

const isBusy = (error: unknown): boolean => error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')

/**
 * One process writes. The lock is the kernel's, on a file that SQLite opens: it dies with the process, and it
 * holds among containers that share the folder, where every process may have the same pid.
 */
export function lockStore(directory: string): () => void {
  try {
    return lockFile(join(directory, 'lock.sqlite'))
  } catch (error) {
    throw isBusy(error) ? new StoreLocked(directory, { cause: error }) : error
  }
}

/** Returns the way to let go. Waits for who has it, for so long at the most. */
export function lockFile(file: string, waitMs = 0): () => void {
  const database = new Database(file, { timeout: waitMs })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  return () => { database.close() }
}
