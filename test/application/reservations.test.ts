import { expect } from 'chai'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import { caller, eventsOf, refusal, refusals } from './given-inventory.ts'
import { givenMugs, level, mugs, reserve } from './promises.ts'
import { openTestInventory, type TestInventory } from './test-inventory.ts'

const codes = (errors: readonly DomainError[]) => errors.map(({ code, field }) => [code, field.join('.')])

describe('reserving stock', () => {
  let test: TestInventory

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugs(test, { FAO: 2, LIS: 5, OPO: 5 })
  })
  afterEach(() => test.close())

  const reservation = async (id: string) => (await test.inventory.queries.reservations([id])).value[0]

  it('promises what is named and sources what is not, in one append', async () => {
    const before = test.store.head()
    const { result, position } = await reserve(test, [mugs(3), mugs(4, 'LIS')], { reference: 'order-1', expiresInSeconds: 60 })
    expect(result).to.deep.include({ status: 'OPEN', reference: 'order-1', version: 1, expiresAt: result.placedAt + 60_000 })
    expect(result.lines).to.deep.equal([['FAO', 2], ['LIS', 5]].map(([location, quantity]) => ({ sku: 'MUG', location, quantity, fulfilled: 0, released: 0 })))
    const events = (await eventsOf(test.store)).slice(before)
    expect(events.map(({ type }) => type)).to.deep.equal(['StockReserved', 'StockReserved', 'StockReserved', 'ReservationPlaced'])
    expect(events.every(({ metadata }) => metadata.reference === 'order-1')).to.equal(true)
    expect(position).to.equal(events.at(-1)?.position)
    expect(await reservation(result.id)).to.deep.equal(result)
    expect((await level(test, 'LIS')).reserved).to.equal(5)
  })

  it('takes nothing where one line is short, and names every line that is', async () => {
    const before = test.store.head()
    const lines = [mugs(2, 'LIS'), mugs(4, 'LIS'), mugs(20), { sku: 'NONE', quantity: 1 }, mugs(1, 'NONE'), mugs(3, 'LIS')]
    const found = await refusals(reserve(test, lines))
    expect(codes(found)).to.deep.equal([
      ['INSUFFICIENT_STOCK', 'lines.1.quantity'], ['INSUFFICIENT_STOCK', 'lines.2.quantity'], ['NOT_FOUND', 'lines.3.sku'], ['NOT_FOUND', 'lines.4.location'],
    ])
    expect(found[0]!.details).to.include({ requested: 4, availableToPromise: 3 })
    expect(found[1]!.details).to.deep.equal({ requested: 20, availableToPromise: 7, versions: { LIS: 1, OPO: 1, FAO: 1 } })
    expect(test.store.head()).to.equal(before)
  })

  it('refuses what is no basket', async () => {
    const refused = async (...args: Parameters<typeof reserve> extends [unknown, ...infer Rest] ? Rest : never) => codes(await refusals(reserve(test, ...args)))
    expect(await refused([])).to.deep.equal([['INVALID_INPUT', 'lines']])
    expect(await refused(Array.from({ length: 1_001 }, () => mugs(1)))).to.deep.equal([['LIMIT_EXCEEDED', 'lines']])
    expect(await refused([mugs(0), mugs(1), mugs(1.5, 'LIS'), { sku: ' ', quantity: 1 }]))
      .to.deep.equal([['INVALID_INPUT', 'lines.0.quantity'], ['INVALID_INPUT', 'lines.2.quantity'], ['INVALID_INPUT', 'lines.3.sku']])
    for (const expiresInSeconds of [0, 2_592_001, 1.5]) expect(await refused([mugs(1)], { expiresInSeconds })).to.deep.equal([['INVALID_INPUT', 'expiresInSeconds']])
    expect(await refused([mugs(1)], { locations: ['LIS', 'NONE'] })).to.deep.equal([['NOT_FOUND', 'locations.1']])
  })

  it('takes a thousand lines', async () => {
    const skus = Array.from({ length: 100 }, (_, index) => `SKU-${index}`)
    for (const sku of skus) await givenMugs(test, { LIS: 9, OPO: 1 }, sku)
    const { result } = await reserve(test, Array.from({ length: 1_000 }, (_, index) => ({ sku: skus[index % 100]!, quantity: 1 })))
    expect(result.lines).to.have.length(200)
    expect(await level(test, 'LIS', 'SKU-7')).to.include({ reserved: 9 })
  })

  it('keeps safety stock back, and promises beyond what is there as far as the backorder limit goes', async () => {
    const { commands } = test.inventory
    await commands.setStockPolicy({ sku: 'MUG', location: 'LIS', policy: { safetyStock: 2 } }, caller)
    await commands.setStockPolicy({ sku: 'MUG', location: 'OPO', policy: { backorderLimit: 3, allowNegative: true } }, caller)
    expect((await refusal(reserve(test, [mugs(4, 'LIS')]))).details).to.include({ availableToPromise: 3 })
    await reserve(test, [mugs(3, 'LIS'), mugs(8, 'OPO')])
    expect(codes(await refusals(reserve(test, [mugs(1, 'OPO')])))).to.deep.equal([['INSUFFICIENT_STOCK', 'lines.0.quantity']])
  })

  it('promises nothing from a closed location, and nothing of a discontinued product', async () => {
    const { commands } = test.inventory
    await commands.openLocation({ code: 'EVR', name: 'Évora', kind: 'STORE', timeZone: 'UTC' }, caller)
    await commands.closeLocation({ code: 'EVR' }, caller)
    expect(codes(await refusals(reserve(test, [mugs(1, 'EVR')])))).to.deep.equal([['INVALID_STATE', 'lines.0.location']])
    const { result } = await reserve(test, [mugs(1, 'LIS')])
    await commands.discontinueProduct({ sku: 'MUG' }, caller)
    expect(codes(await refusals(reserve(test, [mugs(1), mugs(1, 'LIS')])))).to.deep.equal([['INVALID_STATE', 'lines.0.sku'], ['INVALID_STATE', 'lines.1.sku']])
    expect((await commands.fulfillReservation({ id: result.id }, caller)).result.status).to.equal('FULFILLED')
  })

  it('answers a dry run as it would be, and appends nothing', async () => {
    const before = test.store.head()
    const { result, position } = await reserve(test, [mugs(7)], { dryRun: true, idempotencyKey: 'try' })
    expect(result.lines.map(({ location, quantity }) => [location, quantity])).to.deep.equal([['FAO', 2], ['LIS', 5]])
    expect([position, test.store.head(), await reservation(result.id)]).to.deep.equal([undefined, before, undefined])
    expect((await reserve(test, [mugs(7)], { idempotencyKey: 'try' })).replayed).to.equal(false)
  })

  it('does a command with an idempotency key once', async () => {
    const again = () => reserve(test, [mugs(6)], { idempotencyKey: 'cart-1', expiresInSeconds: 60 })
    const [first, second] = await Promise.all([again(), again()])
    await test.inventory.commands.releaseReservation({ id: first.result.id }, caller)
    expect([second, await again()]).to.deep.equal(Array.from({ length: 2 }, () => ({ ...first, replayed: true })))
    expect((await test.inventory.queries.reservationPage({ first: 9 })).totalCount).to.equal(1)
  })

  it('never oversells: 50 carts race for the last of it', async () => {
    await givenMugs(test, { FAO: 20, LIS: 40, OPO: 40 }, 'LAST')
    const cart = async (index: number): Promise<number> => {
      const location = index % 3 === 0 ? 'LIS' : undefined
      const lines = [{ sku: 'LAST', quantity: 1 + (index % 5), ...(location !== undefined && { location }) }]
      return reserve(test, lines, { strategy: index % 2 === 0 ? 'MOST_AVAILABLE' : 'FEWEST_LOCATIONS' }).then(
        ({ result }) => result.lines.reduce((sum, { quantity }) => sum + quantity, 0),
        (error: unknown) => {
          expect((error as DomainErrors).errors[0]?.code).to.equal('INSUFFICIENT_STOCK')
          return 0
        })
    }
    const taken = await Promise.all(Array.from({ length: 50 }, (_, index) => cart(index)))
    const levels = await Promise.all(['FAO', 'LIS', 'OPO'].map((code) => level(test, code, 'LAST')))
    expect(levels.every(({ onHand, reserved }) => reserved <= onHand)).to.equal(true)
    const reserved = levels.reduce((sum, each) => sum + each.reserved, 0)
    expect(reserved).to.equal(taken.reduce((sum, quantity) => sum + quantity, 0)).and.be.above(95)
  })

  describe('and what becomes of it', () => {
    let id: string
    beforeEach(async () => { id = (await reserve(test, [mugs(4, 'LIS'), mugs(3, 'OPO')], { expiresInSeconds: 3_600 })).result.id })

    const line = (location: string, quantity: number) => ({ sku: 'MUG', location, quantity })

    it('hands out in parts, and gives the rest back', async () => {
      const { commands } = test.inventory
      const part = await commands.fulfillReservation({ id, lines: [line('LIS', 1), line('OPO', 3)], reference: 'parcel-1' }, caller)
      expect(part.result).to.deep.include({ status: 'OPEN', version: 2 })
      expect(await level(test, 'OPO')).to.include({ onHand: 2, reserved: 0 })
      const rest = await commands.releaseReservation({ id, expectedVersion: 2 }, caller)
      expect(rest.result).to.deep.include({ status: 'RELEASED', version: 3 })
      expect(rest.result.lines.map(({ fulfilled, released }) => [fulfilled, released])).to.deep.equal([[1, 3], [3, 0]])
      expect(await level(test, 'LIS')).to.include({ onHand: 4, reserved: 0 })
      const released = (await eventsOf(test.store)).filter(({ type }) => type === 'ReservedStockReleased')
      expect(released.map(({ data }) => data)).to.deep.equal([{ reservationId: id, quantity: 3, cause: 'RELEASED' }])
      expect((await refusal(commands.fulfillReservation({ id }, caller))).details).to.include({ status: 'RELEASED' })
    })

    it('refuses what is not open in it, and changes nothing', async () => {
      const { commands } = test.inventory
      const before = test.store.head()
      expect(codes(await refusals(commands.fulfillReservation({ id, lines: [line('LIS', 1), line('OPO', 4)] }, caller)))).to.deep.equal([['INVALID_INPUT', 'lines.1.quantity']])
      expect(codes(await refusals(commands.releaseReservation({ id: 'none' }, caller)))).to.deep.equal([['NOT_FOUND', 'id']])
      expect(codes(await refusals(commands.extendReservation({ id, expiresInSeconds: 5, expectedVersion: 7 }, caller)))).to.deep.equal([['VERSION_CONFLICT', 'expectedVersion']])
      const past = (await reservation(id))!.placedAt - 1
      expect(codes(await refusals(commands.fulfillReservation({ id, occurredAt: past }, caller)))).to.deep.equal([['INVALID_INPUT', 'occurredAt']])
      expect(test.store.head()).to.equal(before)
    })

    it('names every line whose goods are not there to hand out', async () => {
      const { commands } = test.inventory
      for (const location of ['LIS', 'OPO']) await commands.setStockPolicy({ sku: 'MUG', location, policy: { backorderLimit: 5 } }, caller)
      await commands.countStock({ sku: 'MUG', location: 'LIS', counted: 1 }, caller)
      await commands.countStock({ sku: 'MUG', location: 'OPO', counted: 0 }, caller)
      const whole = await refusals(commands.fulfillReservation({ id }, caller))
      expect(whole.map(({ details: { location, requested } }) => [location, requested])).to.deep.equal([['LIS', 4], ['OPO', 3]])
      expect(codes(await refusals(commands.fulfillReservation({ id, lines: [line('LIS', 1), line('OPO', 1)] }, caller)))).to.deep.equal([['INSUFFICIENT_STOCK', 'lines.1.quantity']])
    })

    it('does each with its idempotency key once, also the second time after all is over', async () => {
      const { commands } = test.inventory
      const extended = await commands.extendReservation({ id, expiresInSeconds: 7_200, idempotencyKey: 'e' }, caller)
      const fulfilled = await commands.fulfillReservation({ id, idempotencyKey: 'f' }, caller)
      expect(extended.result.expiresAt).to.be.above(fulfilled.result.placedAt + 7_199_999)
      expect(await commands.extendReservation({ id, expiresInSeconds: 7_200, idempotencyKey: 'e' }, caller)).to.deep.equal({ ...extended, replayed: true })
      expect(await commands.fulfillReservation({ id, idempotencyKey: 'f' }, caller)).to.deep.equal({ ...fulfilled, replayed: true })
    })

    it('keeps its location open, and names itself', async () => {
      const error = await refusal(test.inventory.commands.closeLocation({ code: 'LIS' }, caller))
      expect(error.details.reservations).to.deep.equal([`reservation:${id}`])
    })

    it('hands out once, whoever is faster', async () => {
      const { commands } = test.inventory
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? commands.fulfillReservation({ id }, caller) : commands.releaseReservation({ id }, caller)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1)
      expect((await level(test, 'LIS')).reserved).to.equal(0)
    })
  })
})
