import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import type { Logger, RecordedEvent } from '../../application/ports.ts'
import { createProjector } from '../../application/projector.ts'
import { openReadModel } from './read-model.ts'
import type { CheckpointTable } from './schema.ts'

export interface CompareOptions {
  readonly file: string
  /** Walks through the whole log, in order. */
  readonly walk: (onEvents: (events: readonly RecordedEvent[]) => void) => Promise<void>
  readonly onProgress: (position: number, last: number) => void
}

export interface Comparison {
  /** Up to where the read model has got. */
  readonly position: number
  readonly rows: number
  /** A sentence a table where rows are other ones. */
  readonly differences: readonly string[]
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * Folds the log again, elsewhere, and looks whether every row comes out the same. Reads one snapshot, so that a
 * server may go on meanwhile. Undefined where there is no read model.
 */
export async function compareReadModel({ file, walk, onProgress }: CompareOptions): Promise<Comparison | undefined> {
  if (!existsSync(file)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'stockstream-verify-'))
  const db = new SqliteDatabase(file, { readonly: true })
  try {
    const folded = join(folder, 'folded.sqlite')
    const logId = db.prepare<[], CheckpointTable>('select * from checkpoint').get()?.log_id ?? ''
    const { tables, close } = openReadModel({ file: folded, logId })
    db.prepare('attach ? as folded').run(folded)
    db.exec('begin')
    const position = db.prepare<[], number>('select position from main.checkpoint').pluck().get() ?? 0
    try {
      const projector = createProjector({ tables, bus: { publish: () => undefined }, logger: silent })
      await walk((events) => {
        projector.project(events.filter((event) => event.position <= position))
        onProgress(tables.checkpoint(), position)
      })
      if (tables.checkpoint() < position) return { position, rows: 0, differences: [`It is at event ${position}, and the log ends at ${tables.checkpoint()}.`] }
    } finally {
      close()
    }
    return { position, ...compareTables(db) }
  } finally {
    db.close()
    rmSync(folder, { recursive: true })
  }
}

function compareTables(db: Database): Pick<Comparison, 'rows' | 'differences'> {
  const tables = db.prepare<[], string>(TABLES).pluck().all()
  const counts = tables.map((table) => {
    const columns = db.prepare<[string], string>(COLUMNS).pluck().all(table).join(', ')
    const only = (one: string, other: string): number =>
      db.prepare<[], number>(`select count(*) from (select ${columns} from ${one}.${table} except select ${columns} from ${other}.${table})`).pluck().get() ?? 0
    const rows = db.prepare<[], number>(`select count(*) from folded.${table}`).pluck().get() ?? 0
    return { table, rows, wrong: only('main', 'folded'), missing: only('folded', 'main') }
  })
  return {
    rows: counts.reduce((sum, { rows }) => sum + rows, 0),
    differences: counts.filter(({ wrong, missing }) => wrong + missing > 0)
      .map(({ table, wrong, missing }) => `${table}: ${wrong} rows that the log does not give, ${missing} that it gives are not there.`),
  }
}

/** Without the index of names, which SQLite makes from the products. */
const TABLES = "select name from folded.sqlite_schema where type = 'table' and name <> 'checkpoint' and name not like 'product\\_names%' escape '\\' and name not like 'sqlite\\_%' escape '\\' order by name"
/** Without row ids, which say only in what order rows came. */
const COLUMNS = "select name from pragma_table_info(?, 'folded') where not (pk = 1 and upper(type) = 'INTEGER' and name = 'id') order by cid"
