import { expect } from 'chai'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { stockstreamIn, temporaryFolder } from './cli-process.ts'
import { compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { silent } from '../application/test-inventory.ts'

describeWith('mariadb', hasMariaDb, 'stockstream rebuild of a read model in MySQL', () => {
  let server: MariaDb
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())

  it('makes it anew while a node runs, and says from how many events', async () => {
    const { folder, remove } = await temporaryFolder()
    const url = await server.database()
    const node = await compose({ directory: folder, eventStoreUrl: url, nodes: { readModelUrl: url }, clock: systemClock, ids: uuidV7, logger: silent })
    try {
      await node.inventory.commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, { correlationId: 'c' })
      const { code, stdout, stderr } = await stockstreamIn({ EVENT_STORE_URL: url, READ_MODEL_URL: url }, 'rebuild')
      expect([code, stderr, stdout]).to.deep.equal([0, '', 'The read model is made anew from 1 events.\n'])
      expect((await node.inventory.queries.locationPage({ first: 9 })).items.map(({ name }) => name)).to.deep.equal(['Lisbon'])
    } finally {
      await node.close()
      await remove()
    }
  })
})
