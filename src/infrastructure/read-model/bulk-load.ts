import SqliteDatabase from 'better-sqlite3'

interface Index { readonly name: string; readonly sql: string }

/**
 * Takes the indexes away that are beside the tables' keys, for as long as much is written. Returns the way to make them
 * again, which takes less than keeping them through all of it.
 */
export function withoutIndexes(file: string): () => void {
  const indexes = change(file, (db) => {
    const found = db.prepare<[], Index>("select name, sql from sqlite_master where type = 'index' and sql is not null").all()
    for (const { name } of found) db.exec(`drop index ${name}`)
    return found
  })
  return () => { change(file, (db) => { for (const { sql } of indexes) db.exec(sql) }) }
}

function change<Result>(file: string, run: (db: SqliteDatabase.Database) => Result): Result {
  const db = new SqliteDatabase(file)
  try {
    db.pragma('synchronous = off')
    return db.transaction(() => run(db))()
  } finally {
    db.close()
  }
}
