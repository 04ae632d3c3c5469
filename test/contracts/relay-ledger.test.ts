import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openFileLedger } from '../../src/infrastructure/kafka/file-ledger.ts'
import { openMysqlLedger } from '../../src/infrastructure/mysql/relay-ledger.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { relayLedgerContract } from './relay-ledger.contract.ts'

describe('beside a log in files', () => {
  let directory: string
  beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'ledger-')) })
  afterEach(() => rm(directory, { recursive: true }))
  relayLedgerContract('file', () => Promise.resolve(() => openFileLedger(directory, 'log-1')))

  it('begins anew with another log, and where its file is damaged', async () => {
    await openFileLedger(directory, 'log-1').advance(7)
    expect(await openFileLedger(directory, 'log-2').claim()).to.equal(0)
    for (const damaged of ['', 'null', '{"logId":"log-1","position":"7"}', '{"logId":"log-1"']) {
      await writeFile(join(directory, 'relay.json'), damaged)
      expect(await openFileLedger(directory, 'log-1').claim()).to.equal(0)
    }
  })
})

describeWith('mariadb', hasMariaDb, 'beside a log in MariaDB', () => {
  let server: MariaDb
  before(async () => { server = await startMariaDb() })
  after(() => server.stop())
  relayLedgerContract('mysql', async () => {
    const url = await server.database()
    return () => openMysqlLedger(url)
  })

  it('gives one node its turn at a time, and another one once that has not come back', async () => {
    const url = await server.database()
    const [one, other] = [openMysqlLedger(url), openMysqlLedger(url)]
    expect(await one.claim()).to.equal(0)
    expect([await other.claim(), await other.advance(9)]).to.deep.equal([undefined, false])
    expect(await one.advance(3)).to.equal(true)
    let position: number | undefined
    while ((position = await other.claim()) === undefined) await wait(100)
    expect(position).to.equal(3)
    expect([await one.claim(), await one.advance(5)]).to.deep.equal([undefined, false])
    await Promise.all([one.release(), other.release()])
    const next = openMysqlLedger(url)
    expect(await next.claim()).to.equal(3)
    await next.release()
  })
})
