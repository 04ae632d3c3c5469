import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Composition, compose } from '../../src/compose.ts'
import { startExpiry } from '../../src/application/expiry.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createManualClock, type ManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { at, caller, eventsOf, refusal } from './given-inventory.ts'
import { givenMugs, level, mugs, reserve } from './promises.ts'
import { silent } from './test-inventory.ts'

/** Far more than are asked for or ended at once. */
const MANY = 2_000

describe('expiry', () => {
  let directory: string
  let clock: ManualClock
  let test: Composition

  const open = () => compose({ directory, clock, elapsed: () => clock.now(), ids: uuidV7, logger: silent })
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-expiry-'))
    clock = createManualClock()
    test = await open()
    await givenMugs(test, { LIS: 500 })
  })
  afterEach(async () => {
    await test.close()
    await rm(directory, { recursive: true })
  })

  const status = async (id: string) => (await test.inventory.queries.reservations([id])).value[0]?.status
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!await condition()) await new Promise((resolve) => { setTimeout(resolve, 5) })
  }

  it('is recorded by itself, with its cause, and what was held is promised again', async () => {
    const { result: { id } } = await reserve(test, [mugs(500)], { expiresInSeconds: 60, reference: 'cart-1' })
    clock.advance(60_000)
    const started = Date.now()
    await until(async () => await status(id) === 'EXPIRED')
    expect(Date.now() - started).to.be.below(1_000)
    const [end, stock] = (await eventsOf(test.store)).slice(-2)
    expect([end?.type, stock?.type]).to.deep.equal(['ReservationExpired', 'ReservedStockReleased'])
    expect(stock?.data).to.deep.equal({ reservationId: id, quantity: 500, cause: 'EXPIRED' })
    expect(stock?.metadata).to.deep.include({ actor: 'stockstream:expiry', reference: 'cart-1', correlationId: end?.metadata.correlationId })
    await reserve(test, [mugs(500)])
  })

  it('is over from its time on, though its end is not recorded yet', async () => {
    const { commands } = test.inventory
    const { result: { id, expiresAt } } = await reserve(test, [mugs(1)], { expiresInSeconds: 60 })
    clock.set(expiresAt!)
    const outcomes = await Promise.all([
      refusal(commands.fulfillReservation({ id, occurredAt: expiresAt! - 30_000 }, caller)),
      refusal(commands.extendReservation({ id, expiresInSeconds: 60 }, caller)),
    ])
    for (const { code, details } of outcomes) expect([code, details.status]).to.deep.equal(['INVALID_STATE', 'EXPIRED'])
    expect((await eventsOf(test.store)).some(({ type }) => type === 'ReservationExpired')).to.equal(false)
  })

  it('comes late for nobody: what ran out while the server was away ends after its start', async () => {
    const soon = await reserve(test, [mugs(1)], { expiresInSeconds: 60 })
    const later = await reserve(test, [mugs(1)], { expiresInSeconds: 600 })
    await test.close()
    clock.advance(300_000)
    test = await open()
    await until(async () => await status(soon.result.id) === 'EXPIRED')
    expect(await status(later.result.id)).to.equal('OPEN')
  })

  it('follows a clock that is put back, and what is extended', async () => {
    clock.advance(1_000_000)
    const { result: { id, placedAt } } = await reserve(test, [mugs(1)], { expiresInSeconds: 60 })
    clock.set(placedAt - 500_000)
    expect(await test.inventory.expireDue()).to.equal(0)
    clock.set(placedAt + 30_000)
    await test.inventory.commands.extendReservation({ id, expiresInSeconds: 60 }, caller)
    clock.set(placedAt + 80_000)
    expect(await test.inventory.expireDue()).to.equal(0)
    clock.set(placedAt + 90_000)
    await until(async () => await status(id) === 'EXPIRED')
  })

  it('ends many at once, each by an append of its own, and each once', async () => {
    await test.inventory.commands.addStock({ ...at, quantity: MANY, reason: 'RECEIVED' }, caller)
    const placed: unknown[] = []
    while (placed.length < MANY) placed.push(...await Promise.all(Array.from({ length: 100 }, () => reserve(test, [mugs(1)], { expiresInSeconds: 1 }))))
    clock.advance(1_000)
    const [one, two] = await Promise.all([test.inventory.expireDue(), test.inventory.expireDue()])
    expect(one + two).to.be.at.most(placed.length)
    await until(async () => (await level(test, 'LIS')).reserved === 0)
    const ends = (await eventsOf(test.store)).filter(({ type }) => type === 'ReservationExpired')
    expect(new Set(ends.map(({ metadata }) => metadata.correlationId)).size).to.equal(placed.length)
  })

  it('is recorded while clients ask for more than can be done at a time', async () => {
    const { result: { id } } = await reserve(test, [mugs(1)], { expiresInSeconds: 60 })
    let isOver = false
    let refused = 0
    const client = async (): Promise<void> => {
      while (!isOver) {
        await test.inventory.commands.addStock({ ...at, quantity: 1, reason: 'RECEIVED' }, caller).catch((error: unknown) => {
          expect(error).to.be.instanceOf(Unavailable)
          refused += 1
        })
        await new Promise(setImmediate)
      }
    }
    const clients = Array.from({ length: 1_500 }, client)
    clock.advance(60_000)
    // On a slow disk the store may be away for a moment: it is tried again, as by the timer.
    while (await status(id) !== 'EXPIRED') await test.inventory.expireDue().catch(() => undefined)
    isOver = true
    await Promise.all(clients)
    expect(await status(id)).to.equal('EXPIRED')
    expect(refused, 'there was room for all').to.be.greaterThan(0)
  })

  it('is tried again after a failure, and stops when it is told to', async () => {
    const failures: object[] = []
    let looks = 0
    const stop = startExpiry(() => (looks++ < 2 ? Promise.reject(new Error('away')) : Promise.resolve(0)), { error: (facts) => { failures.push(facts) } })
    await until(() => Promise.resolve(looks >= 3))
    await stop()
    const seen = looks
    expect(failures).to.have.length(2)
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    expect(looks).to.equal(seen)
  })
})
