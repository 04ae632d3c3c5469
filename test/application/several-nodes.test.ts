import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Composition } from '../../src/compose.ts'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { describeWith } from '../services/required.ts'
import { silent } from './test-inventory.ts'

const caller = { correlationId: 'c' }
const TEA = { sku: 'TEA', location: 'LIS' }

for (const isShared of [false, true]) describeWith('mariadb', hasMariaDb, `commands at two nodes on one log, and on ${isShared ? 'one read model' : 'a read model of their own each'}`, () => {
  let database: MariaDb
  let directory: string
  let one: Composition
  let other: Composition
  before(async () => { database = await startMariaDb() })
  after(() => database.stop())
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-two-'))
    const eventStoreUrl = await database.database()
    const open = (name: string) => compose({ directory: join(directory, name), eventStoreUrl, nodes: { readModelUrl: isShared ? eventStoreUrl : 'file:' }, clock: systemClock, ids: uuidV7, logger: silent })
    ;[one, other] = [await open('one'), await open('other')]
    await one.inventory.commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, caller)
    await other.inventory.commands.openLocation({ code: 'LIS', name: 'Lisbon', kind: 'STORE', timeZone: 'UTC' }, caller)
  })
  afterEach(async () => {
    await Promise.all([one.close(), other.close()])
    await rm(directory, { recursive: true })
  })

  const add = (node: Composition, quantity: number, idempotencyKey?: string) =>
    node.inventory.commands.addStock({ ...TEA, quantity, reason: 'DELIVERY', ...(idempotencyKey !== undefined && { idempotencyKey }) }, caller)
  const remove = (node: Composition, quantity: number) => node.inventory.commands.removeStock({ ...TEA, quantity, reason: 'SOLD' }, caller)

  /** Done, or the code that it was refused with. */
  const outcome = (command: Promise<unknown>): Promise<string> => command.then(() => 'done', (error: unknown) => {
    if (error instanceof DomainErrors) return error.errors.map(({ code }) => code).join()
    if (error instanceof DomainError) return error.code
    throw error
  })

  it('are decided on what the other node has done just before', async () => {
    expect(await outcome(remove(one, 1))).to.equal('INSUFFICIENT_STOCK')
    await add(other, 3)
    expect(await outcome(remove(one, 3))).to.equal('done')
    expect(await outcome(remove(other, 1))).to.equal('INSUFFICIENT_STOCK')
    await add(one, 1)
    expect(await outcome(remove(other, 1))).to.equal('done')
  })

  it('never take more than there is, whichever node is asked', async () => {
    await add(one, 20)
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => outcome(remove(n % 2 === 0 ? one : other, 1))))
    expect(outcomes.filter((each) => each === 'done')).to.have.length(20)
    expect(new Set(outcomes)).to.deep.equal(new Set(['done', 'INSUFFICIENT_STOCK']))
  })

  it('are done once with one idempotency key, and answered alike', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([add(one, 1, `key ${round}`), add(other, 1, `key ${round}`)])
      expect(answers.map(({ replayed }) => replayed).sort()).to.deep.equal([false, true])
      expect(answers[0].position).to.equal(answers[1].position)
      expect(answers.map(({ result }) => result.version)).to.deep.equal([round + 1, round + 1])
    }
  })

  it('do not close a location into which goods come at the other node', async () => {
    for (let round = 0; round < 8; round += 1) {
      const code = `L${round}`
      await other.inventory.commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
      const [closed, come] = await Promise.all([
        outcome(one.inventory.commands.closeLocation({ code }, caller)),
        outcome(other.inventory.commands.addStock({ sku: 'TEA', location: code, quantity: 1, reason: 'DELIVERY' }, caller)),
      ])
      expect([closed, come].filter((each) => each === 'done'), `${closed} and ${come}`).to.have.length(1)
    }
  })

  it('follow what was written at the other node', async () => {
    const changes = one.inventory.changes.events({ types: ['StockAdded'] })
    const next = changes.next()
    const { position } = await add(other, 1)
    expect((await next).value?.position).to.equal(position)
    await changes.return?.()
  })
})
