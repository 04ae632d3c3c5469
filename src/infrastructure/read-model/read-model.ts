import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { createProjectionTables } from './projection-tables.ts'
import { createReadModel } from './queries.ts'
import { createRowReads } from './row-reads.ts'
import { SCHEMA, SCHEMA_VERSION, type CheckpointTable, type Tables } from './schema.ts'
import type { ProjectionTables, ReadModel } from '../../application/read-model.ts'

/** Holds the indexes of some hundred thousand stock levels, so that writing them doesn't wait for reading. */
const CACHE_KIB = 32_768

/** 32 MB: so that pages which are written again and again go to the file once. */
const WAL_PAGES = 8_000

export interface OpenReadModel {
  readonly readModel: ReadModel
  readonly tables: ProjectionTables
  close(): void
}

/**
 * The read model in one SQLite file. It can be made anew from the log at any time: so a file of another log, of
 * another schema or with damage is removed, and begins again at 0.
 */
export function openReadModel({ file, logId }: { readonly file: string; readonly logId: string }): OpenReadModel {
  mkdirSync(dirname(file), { recursive: true })
  const writer = openOurs(file, logId) ?? makeAnew(file, logId)
  writer.prepare('update checkpoint set closed = 0').run()
  // A connection of its own gives queries a snapshot to read, whatever is committed meanwhile.
  const reader = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  // And another, as a row must not be read in the snapshot of a query that has begun before and waits.
  const rowReader = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: reader }) })
  return {
    readModel: createReadModel(db, createRowReads(rowReader)),
    tables: createProjectionTables(writer),
    close() {
      reader.close()
      rowReader.close()
      markClosed(writer)
      writer.close()
    },
  }
}

/** Where that can't be written, as on a full disk, the file is looked through when it is opened next. */
function markClosed(writer: Database): void {
  try {
    writer.prepare('update checkpoint set closed = 1').run()
  } catch (error) {
    if (!(error instanceof SqliteDatabase.SqliteError)) throw error
  }
}

function openOurs(file: string, logId: string): Database | undefined {
  if (!existsSync(file)) return undefined
  const db = new SqliteDatabase(file)
  try {
    configure(db)
    if (isOurs(db, logId)) return db
  } catch (error) {
    if (!isDamage(error)) {
      db.close()
      throw error
    }
  }
  db.close()
  return undefined
}

function isOurs(db: Database, logId: string): boolean {
  const found = db.prepare<[], CheckpointTable>('select * from checkpoint').get()
  if (found?.log_id !== logId || found.schema_version !== SCHEMA_VERSION) return false
  // Without syncs, a crash of the whole machine may leave anything: look at all pages where nobody closed the file.
  return found.closed === 1 || db.pragma('quick_check(1)', { simple: true }) === 'ok'
}

/** No database, a broken one, or one without our tables. Anything else, such as a full disk, is no reason to remove it. */
function isDamage(error: unknown): boolean {
  return error instanceof SqliteDatabase.SqliteError && /^SQLITE_(NOTADB|CORRUPT.*|ERROR)$/.test(error.code)
}

function makeAnew(file: string, logId: string): Database {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const db = new SqliteDatabase(file)
  configure(db)
  db.transaction(() => {
    db.exec(SCHEMA)
    db.prepare('insert into checkpoint (id, log_id, schema_version, position, closed) values (1, ?, ?, 0, 0)').run(logId, SCHEMA_VERSION)
  })()
  return db
}

function configure(db: Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = off')
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
  db.pragma(`cache_size = -${CACHE_KIB}`)
}
