import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { createMemoryEventStore } from '../../src/infrastructure/memory/event-store.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { openMysqlEventStore } from '../../src/infrastructure/mysql/event-store.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { eventStoreContract } from './event-store.contract.ts'

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

eventStoreContract('memory', () => {
  const clock = createManualClock()
  const store = createMemoryEventStore({ clock })
  return Promise.resolve({ store, clock, cleanup: () => store.close() })
})

eventStoreContract('file', async () => {
  const clock = createManualClock()
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-'))
  const open = () => openEventLog({ directory, clock, logger })
  let store = await open()
  return {
    store,
    clock,
    reopen: async () => {
      await store.close()
      store = await open()
      return store
    },
    cleanup: async () => {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
})

describeWith('mariadb', hasMariaDb, 'on MariaDB', () => {
  let server: MariaDb
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())

  eventStoreContract('mysql', async () => {
    const clock = createManualClock()
    const url = await server.database()
    const open = () => openMysqlEventStore({ url, clock, logger })
    let store = await open()
    return {
      store,
      clock,
      reopen: async () => {
        await store.close()
        store = await open()
        return store
      },
      cleanup: () => store.close(),
    }
  })
})
