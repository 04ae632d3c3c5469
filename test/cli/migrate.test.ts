import { expect } from 'chai'
import { join } from 'node:path'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { stockstream, temporaryFolder, withStore } from './cli-process.ts'

const headIn = (text: string): string | undefined => /^Head ([0-9a-f]{64})$/m.exec(text)?.[1]

describe('stockstream migrate', () => {
  it('says what to write where it is told no store', async () => {
    for (const url of ['./store', 'file:', 'mysql://root:secret@host', 'postgres://host/stock']) {
      const { code, stderr } = await stockstream('migrate', '--from', url, '--to', 'file:elsewhere')
      expect(code).to.equal(2)
      expect(stderr).to.include('write file:FOLDER').and.not.include('secret')
    }
  })

  it('names the folder that holds no store', async () => {
    const { code, stderr } = await stockstream('migrate', '--from', 'file:/nowhere/at/all', '--to', 'file:elsewhere')
    expect([code, stderr]).to.deep.equal([1, 'There is no store in /nowhere/at/all.\n'])
  })
})

describeWith('mariadb', hasMariaDb, 'stockstream migrate to MySQL and back', () => {
  let server: MariaDb
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())

  it('prints the head that verify prints', async () => {
    const { folder, remove } = await temporaryFolder()
    try {
      const [store, back] = [join(folder, 'store'), join(folder, 'back')]
      await withStore(store, async ({ inventory: { commands } }) => {
        await commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, { correlationId: 'c' })
      })
      const url = await server.database()
      const there = await stockstream('migrate', '--from', `file:${store}`, '--to', url)
      const andBack = await stockstream('migrate', '--from', url, '--to', `file:${back}`)
      expect([there.code, andBack.code], there.stderr + andBack.stderr).to.deep.equal([0, 0])
      const verified = await stockstream('verify', '--store', back)
      expect(headIn(there.stdout)).to.be.a('string')
      expect([headIn(andBack.stdout), headIn(verified.stdout)]).to.deep.equal([headIn(there.stdout), headIn(there.stdout)])
    } finally {
      await remove()
    }
  })
})
