import SqliteDatabase from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { sqlite } from './dialect.ts'
import { createReadModel } from './queries.ts'
import { createRowReads } from './row-reads.ts'
import type { Tables } from './schema.ts'
import type { ReadModel } from '../../application/read-model.ts'

/** A read model that another process keeps. */
export interface SharedReadModel {
  readonly readModel: ReadModel
  /** Up to where it has the log now: all that is committed anywhere counts. */
  checkpoint(): number
  close(): void
}

/** Its tables are there as long as the process that keeps it runs. */
export function openSharedReadModel(file: string): SharedReadModel {
  const [reader, rowReader] = [open(file), open(file)]
  const position = rowReader.prepare<[], number>('select position from checkpoint').pluck()
  return {
    readModel: createReadModel(new Kysely<Tables>({ dialect: new SqliteDialect({ database: reader }) }), createRowReads(rowReader), sqlite),
    checkpoint: () => position.get() ?? 0,
    close() {
      reader.close()
      rowReader.close()
    },
  }
}

const open = (file: string) => new SqliteDatabase(file, { readonly: true, fileMustExist: true })
