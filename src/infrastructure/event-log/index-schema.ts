/** The version of these tables: an index of another one is built anew. */
export const INDEX_VERSION = 2

/**
 * Everything in here comes from the log and can be built from it again. So nothing is synced: it would only make
 * the writer wait.
 */
export const INDEX_TABLES = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sku TEXT, location TEXT);
  CREATE INDEX streams_sku ON streams (sku) WHERE sku IS NOT NULL;
  CREATE INDEX streams_location ON streams (location) WHERE location IS NOT NULL;
  CREATE TABLE types (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE correlations (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    type INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    reference TEXT,
    correlation INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    UNIQUE (stream_id, version)
  );
  CREATE INDEX events_type ON events (type);
  CREATE INDEX events_correlation ON events (correlation);
  CREATE INDEX events_reference ON events (reference) WHERE reference IS NOT NULL;
  CREATE TABLE commands (key TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    log TEXT NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL,
    segment INTEGER NOT NULL, offset INTEGER NOT NULL
  );
  PRAGMA user_version = ${INDEX_VERSION};
`
