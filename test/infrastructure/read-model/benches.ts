import { createConnection } from 'mysql2/promise'
import { Bench, type History } from './fixture.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { Folding } from '../../../src/application/folding.ts'
import type { RecordedEvent } from '../../../src/application/ports.ts'
import type { ReadModel } from '../../../src/application/read-model.ts'
import { openMysqlReadModel } from '../../../src/infrastructure/mysql-read-model/open.ts'
import { TABLES } from '../../../src/infrastructure/mysql-read-model/schema.ts'

/** A read model that is empty at first, wherever its tables are. */
export interface AnyBench {
  readonly model: ReadModel
  /** All of the log so far; what is known is passed over. */
  project(history: Pick<History, 'events'>): Promise<void>
  row(projection: string, stream: string): Promise<object | undefined>
  remove(): Promise<void>
}

/** The tests, over each kind of tables. */
export function describeReadModels(title: string, tests: (open: () => Promise<AnyBench>) => void): void {
  describe(`${title}, in SQLite`, () => { tests(() => Promise.resolve(sqliteBench())) })
  describeWith('mariadb', hasMariaDb, `${title}, in MySQL`, () => {
    let server: MariaDb
    let url: string
    before(async () => {
      server = await startMariaDb(['--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'])
      url = await server.database()
      await (await openMysqlReadModel({ url, logId: 'log-1' })).close()
    })
    after(() => server.stop())
    tests(() => mysqlBench(url))
  })
}

function sqliteBench(): AnyBench {
  const bench = new Bench()
  return {
    model: bench.open.readModel,
    project: ({ events }) => { bench.projector.project(events); return Promise.resolve() },
    row: (projection, stream) => Promise.resolve(bench.open.tables.row(projection, stream)),
    remove: () => { bench.remove(); return Promise.resolve() },
  }
}

async function mysqlBench(url: string): Promise<AnyBench> {
  const connection = await createConnection({ uri: url, multipleStatements: true })
  await connection.query([...Object.keys(TABLES).filter((name) => name !== 'checkpoint').map((name) => `DELETE FROM ${name}`), 'UPDATE checkpoint SET position = 0'].join(';'))
  await connection.end()
  const { readModel, tables, row, close } = await openMysqlReadModel({ url, logId: 'log-1' })
  let log: readonly RecordedEvent[] = []
  const folding = new Folding({ readModel, store: { readStream: (name) => Promise.resolve(log.filter(({ stream }) => stream === name)) } })
  await tables.hold()
  return {
    model: readModel, row,
    async project({ events }) {
      log = events
      const from = await tables.position()
      const news = events.slice(from)
      if (news.length > 0 && !await tables.commit(await folding.changesOf(news), from, events.length)) throw new Error('It was not this projector\'s turn.')
    },
    remove: close,
  }
}
