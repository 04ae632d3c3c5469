import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { openEventLog } from '../../../src/infrastructure/event-log/log.ts'
import { verifyLog } from '../../../src/infrastructure/event-log/verify.ts'
import { checkLog, copyChain } from '../../../src/infrastructure/migration/migrate.ts'
import { openSource, openTarget } from '../../../src/infrastructure/migration/open.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../../services/mariadb.ts'
import { describeWith } from '../../services/required.ts'
import { added, allEvents, openNode, outcome, silent, to } from '../mysql/fixture.ts'

const BATCHES = 250

describeWith('mariadb', hasMariaDb, 'a migration between a folder and MySQL', () => {
  let server: MariaDb
  let directory: string
  let folder: string
  let head: string
  before(async () => {
    server = await startMariaDb()
    directory = await mkdtemp(join(tmpdir(), 'stockstream-migration-'))
    folder = join(directory, 'store')
    const log = await openEventLog({ directory: folder, clock: systemClock, logger: silent, segmentBytesMax: 40_000 })
    for (let n = 0; n < BATCHES; n += 1) {
      await log.append(to(`stock:caf%C3%A9${n % 7}@l`, 2 * Math.floor(n / 7), added({ note: 'Köln, 東京, 🧃, \'";\\', idempotency: { key: `key ${n}`, fingerprint: 'f', events: 2 } }), added({ reference: `PO ${n}` })))
    }
    await log.close()
    head = (await verifyLog(folder)).head
  })
  after(async () => {
    await server.stop()
    await rm(directory, { recursive: true })
  })

  /** Copies it, and breaks off once this part of it is done. */
  async function copy(from: string, target: string, upTo = Infinity): Promise<void> {
    const source = await openSource(from, silent)
    try {
      const copied = await openTarget(target, source.id, silent)
      try {
        await copyChain(source, copied, (position) => { if (position > upTo) throw new Error('Broken off.') })
      } finally {
        await copied.close()
      }
    } finally {
      await source.close()
    }
  }

  const headOf = async (url: string): Promise<string> => {
    const source = await openSource(url, silent)
    try {
      return (await checkLog(source)).sha256
    } finally {
      await source.close()
    }
  }

  const failure = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'nothing', (error: unknown) => (error instanceof Error ? error.message : String(error)))

  it('goes there and back with the same bytes and head, also where it is broken off on both ways', async () => {
    const url = await server.database()
    const back = join(directory, 'back')
    expect(await failure(copy(`file:${folder}`, url, 300))).to.equal('Broken off.')
    expect(await failure(openNode(url)), 'half a log is opened').to.include('stockstream migrate')
    await copy(`file:${folder}`, url)
    expect(await headOf(url)).to.equal(head)
    expect(await failure(copy(url, `file:${back}`, 300))).to.equal('Broken off.')
    expect(await readdir(back)).to.not.include('log')
    await copy(url, `file:${back}`)
    expect(await readdir(back)).to.include('log').and.not.include('migration')
    expect(await verifyLog(back)).to.deep.equal(await verifyLog(folder))
    const bytes = async (store: string) => Buffer.concat(await Promise.all((await readdir(join(store, 'log'))).sort().map((name) => readFile(join(store, 'log', name)))))
    const withoutHeaders = async (store: string) => (await bytes(store)).toString().split('\n').filter((line) => !line.startsWith('{"log"'))
    expect(await withoutHeaders(back)).to.deep.equal(await withoutHeaders(folder))
  })

  it('makes a store that goes on: events, keys, versions and the log\'s id are there', async () => {
    const url = await server.database()
    await copy(`file:${folder}`, url)
    const [log, node] = [await openEventLog({ directory: folder, clock: systemClock, logger: silent }), await openNode(url)]
    try {
      expect(node.id).to.equal(log.id)
      const events = []
      for await (const batch of log.read(0)) events.push(...batch)
      expect(await allEvents(node)).to.deep.equal(events)
      for (const key of ['key 0', 'key 249', 'none']) expect(await node.command(key)).to.deep.equal(await log.command(key))
      expect(await outcome(node.append(to('stock:caf%C3%A90@l', 3, added())))).to.equal('VersionMismatch')
      expect(await outcome(node.append(to('stock:new@l', 0, added())))).to.equal('version 1')
    } finally {
      await Promise.all([log.close(), node.close()])
    }
  })

  it('does not touch a store that is there', async () => {
    const url = await server.database()
    const node = await openNode(url)
    await node.append(to('stock:a@l', 0, added()))
    await node.close()
    expect(await failure(copy(`file:${folder}`, url))).to.include('name an empty one')
    expect(await failure(copy(url, `file:${folder}`))).to.include('name an empty folder')
    expect((await verifyLog(folder)).head).to.equal(head)
  })

  it('stops at damage on either side', async () => {
    const url = await server.database()
    await copy(`file:${folder}`, url)
    const connection = await createConnection(url)
    await connection.query('UPDATE events SET line = REPLACE(line, \'"quantity":1\', \'"quantity":2\') WHERE position = 300')
    await connection.end()
    expect(await failure(headOf(url))).to.include('event 300 is missing or not whole')
    const damaged = join(directory, 'damaged')
    const good = await server.database()
    await copy(`file:${folder}`, good)
    await copy(good, `file:${damaged}`)
    const [name = ''] = await readdir(join(damaged, 'log'))
    const text = await readFile(join(damaged, 'log', name), 'utf8')
    await writeFile(join(damaged, 'log', name), text.replace('"quantity":1', '"quantity":2'))
    expect(await failure(copy(`file:${damaged}`, await server.database()))).to.include('damaged')
  })
})
