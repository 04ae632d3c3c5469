/** Of the tables below. A database of another one is refused: it is truth, and nothing in it is made anew. */
export const FORMAT = 1
/** In the place of the format while a log is being copied into the tables. */
export const MIGRATING = 0

/**
 * Names are bytes, so that no collation takes two of them for one. `line` is the event's line as the embedded log has
 * it, without its line feed: what stands beside it is read off it, and is there to be looked for.
 */
export const TABLES = [
  `CREATE TABLE IF NOT EXISTS ticket (
    one TINYINT NOT NULL PRIMARY KEY,
    log VARBINARY(64) NOT NULL,
    format INT NOT NULL,
    position BIGINT NOT NULL,
    sha256 CHAR(64) CHARACTER SET ascii NOT NULL,
    recorded_at BIGINT NOT NULL
  ) ENGINE = InnoDB`,
  `CREATE TABLE IF NOT EXISTS events (
    position BIGINT NOT NULL PRIMARY KEY,
    stream VARBINARY(1200) NOT NULL,
    version INT NOT NULL,
    id VARBINARY(64) NOT NULL,
    type VARBINARY(64) NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    reference VARBINARY(1024),
    correlation_id VARBINARY(1024) NOT NULL,
    line MEDIUMBLOB NOT NULL,
    UNIQUE KEY events_by_stream (stream, version),
    UNIQUE KEY events_by_id (id),
    KEY events_by_type (type),
    KEY events_by_time (recorded_at),
    KEY events_by_reference (reference),
    KEY events_by_correlation (correlation_id)
  ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`,
  `CREATE TABLE IF NOT EXISTS batches (
    position BIGINT NOT NULL PRIMARY KEY,
    events INT NOT NULL,
    sha256 CHAR(64) CHARACTER SET ascii NOT NULL,
    previous CHAR(64) CHARACTER SET ascii NOT NULL
  ) ENGINE = InnoDB`,
  `CREATE TABLE IF NOT EXISTS streams (
    name VARBINARY(1200) NOT NULL PRIMARY KEY,
    version INT NOT NULL,
    event_id VARBINARY(64) NOT NULL,
    position BIGINT NOT NULL,
    sku VARBINARY(256),
    location VARBINARY(256),
    KEY streams_by_sku (sku),
    KEY streams_by_location (location, position)
  ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`,
  `CREATE TABLE IF NOT EXISTS commands (
    idempotency_key VARBINARY(1024) NOT NULL PRIMARY KEY,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL
  ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC`,
] as const

/** Where a batch waits for its turn, on the connection that writes it: so that it is there before the ticket is held. */
export const STAGING = [
  `CREATE TEMPORARY TABLE IF NOT EXISTS staged_events (
    k INT NOT NULL PRIMARY KEY,
    stream VARBINARY(1200) NOT NULL,
    version INT NOT NULL,
    id VARBINARY(64) NOT NULL,
    type VARBINARY(64) NOT NULL,
    occurred_at BIGINT NOT NULL,
    reference VARBINARY(1024),
    correlation_id VARBINARY(1024) NOT NULL,
    idempotency_key VARBINARY(1024),
    command_events INT,
    head MEDIUMBLOB NOT NULL,
    tail MEDIUMBLOB NOT NULL
  ) ENGINE = InnoDB`,
  `CREATE TEMPORARY TABLE IF NOT EXISTS staged_streams (
    k INT NOT NULL PRIMARY KEY,
    stream VARBINARY(1200) NOT NULL,
    expected INT NOT NULL,
    expected_id VARBINARY(64),
    version INT NOT NULL,
    event_id VARBINARY(64),
    last_event INT,
    sku VARBINARY(256),
    location VARBINARY(256)
  ) ENGINE = InnoDB`,
] as const
