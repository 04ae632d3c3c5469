import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { sqlite } from './dialect.ts'
import { createProjectionTables } from './projection-tables.ts'
import { createReadModel } from './queries.ts'
import { createRowReads } from './row-reads.ts'
import { SCHEMA, SCHEMA_VERSION, type CheckpointTable, type Tables } from './schema.ts'
import { seal, unseal } from '../seal.ts'
import type { Logger } from '../../application/ports.ts'
import type { ProjectionTables, ReadModel } from '../../application/read-model.ts'

/** Holds the indexes of some hundred thousand stock levels, so that writing them doesn't wait for reading. */
const CACHE_KIB = 32_768

/** 32 MB: so that pages which are written again and again go to the file once. */
const WAL_PAGES = 8_000

const MADE_ANEW = 'The read model can not be used: it is made anew from the log.'

export interface OpenReadModel {
  readonly readModel: ReadModel
  readonly tables: ProjectionTables
  close(): void
}

export interface ReadModelOptions {
  readonly file: string
  readonly logId: string
  /** Told where a file that is there can not be used. */
  readonly logger?: Pick<Logger, 'warn'>
}

/**
 * The read model in one SQLite file. It can be made anew from the log at any time: so a file of another log, of
 * another schema or with damage is removed, and begins again at 0.
 */
export function openReadModel({ file, logId, logger }: ReadModelOptions): OpenReadModel {
  mkdirSync(dirname(file), { recursive: true })
  const writer = openOurs(file, logId, logger) ?? makeAnew(file, logId)
  // A connection of its own gives queries a snapshot to read, whatever is committed meanwhile.
  const reader = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  // And another, as a row must not be read in the snapshot of a query that has begun before and waits.
  const rowReader = new SqliteDatabase(file, { readonly: true, fileMustExist: true })
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: reader }) })
  return {
    readModel: createReadModel(db, createRowReads(rowReader), sqlite),
    tables: createProjectionTables(writer),
    close() {
      reader.close()
      rowReader.close()
      writer.close()
      seal(file)
    },
  }
}

function openOurs(file: string, logId: string, logger?: Pick<Logger, 'warn'>): Database | undefined {
  if (!existsSync(file)) return undefined
  const isSealed = unseal(file)
  const db = new SqliteDatabase(file)
  try {
    configure(db)
    const reason = whyUnusable(db, logId, isSealed)
    if (reason === undefined) return db
    logger?.warn({ file, reason }, MADE_ANEW)
  } catch (error) {
    if (!isDamage(error)) {
      db.close()
      throw error
    }
    logger?.warn({ file, reason: error.message }, MADE_ANEW)
  }
  db.close()
  return undefined
}

function whyUnusable(db: Database, logId: string, isSealed: boolean): string | undefined {
  const found = db.prepare<[], CheckpointTable>('select * from checkpoint').get()
  if (found?.log_id !== logId) return 'it is of another log'
  if (found.schema_version !== SCHEMA_VERSION) return 'it is of another version'
  // Without syncs, a crash of the whole machine may leave anything: look at all pages where nobody closed the file.
  return isSealed || db.pragma('quick_check(1)', { simple: true }) === 'ok' ? undefined : 'it is damaged'
}

/** No database, a broken one, or one without our tables. Anything else, such as a full disk, is no reason to remove it. */
function isDamage(error: unknown): error is Error {
  return error instanceof SqliteDatabase.SqliteError && /^SQLITE_(NOTADB|CORRUPT.*|ERROR)$/.test(error.code)
}

function makeAnew(file: string, logId: string): Database {
  for (const suffix of ['', '-wal', '-shm', '.seal']) rmSync(file + suffix, { force: true })
  const db = new SqliteDatabase(file)
  configure(db)
  db.transaction(() => {
    db.exec(SCHEMA)
    db.prepare('insert into checkpoint (id, log_id, schema_version, position) values (1, ?, ?, 0)').run(logId, SCHEMA_VERSION)
  })()
  return db
}

function configure(db: Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = off')
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
  db.pragma(`cache_size = -${CACHE_KIB}`)
}
