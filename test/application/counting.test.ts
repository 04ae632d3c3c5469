import { expect } from 'chai'
import fc from 'fast-check'
import { at, caller, givenMugsInLisbon, refusal } from './given-inventory.ts'
import { type TestInventory, openTestInventory } from './test-inventory.ts'

describe('counting stock', () => {
  let test: TestInventory
  const onHand = async (): Promise<number | undefined> => (await test.inventory.queries.stockLevels([at])).value[0]?.onHand
  const add = (quantity: number, occurredAt?: number) => test.inventory.commands.addStock({ ...at, quantity, reason: 'RECEIVED', occurredAt }, caller)
  const remove = (quantity: number, occurredAt?: number) => test.inventory.commands.removeStock({ ...at, quantity, reason: 'SOLD', occurredAt }, caller)
  const count = (counted: number, occurredAt?: number) => test.inventory.commands.countStock({ ...at, counted, occurredAt }, caller)

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugsInLisbon(test)
  })
  afterEach(() => test.close())

  it('makes on hand what was counted, and records the difference', async () => {
    await add(10)
    const { result } = await count(7)
    expect([result.onHand, result.version]).to.deep.equal([7, 2])
    expect(await onHand()).to.equal(7)
    const { events } = await test.inventory.events.find({ types: ['StockCounted'] }, { first: 1 })
    expect(events[0]?.data).to.deep.equal({ counted: 7, difference: -3 })
  })

  it('starts a stock level where nothing ever was', async () => {
    expect((await count(5)).result.onHand).to.equal(5)
  })

  it('takes a count that is recorded late as of its moment: what came and went after it stays', async () => {
    const noon = test.clock.now() - 10_000
    await add(10, noon - 2_000)
    await remove(4, noon + 1_000)
    const { result } = await count(12, noon)
    expect(result.onHand, '12 at noon, and 4 sold after it').to.equal(8)
  })

  it('knows of late events before and after the moment', async () => {
    const noon = test.clock.now() - 10_000
    await add(20, noon + 5_000)
    await add(10, noon - 5_000)
    await remove(3, noon + 1)
    await remove(2, noon)
    const { result } = await count(8, noon)
    expect(result.onHand, 'there were 8 at noon as counted').to.equal(20 + 10 - 3 - 2)
  })

  it('agrees with adding up what had happened by then, whatever the order of recording', async () => {
    const start = test.clock.now() - 1_000_000
    const facts = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 50 }), at: fc.integer({ min: 0, max: 200 }) }), { minLength: 1, maxLength: 150 })
    let run = 0
    await fc.assert(fc.asyncProperty(facts, fc.integer({ min: 0, max: 200 }), async (added, moment) => {
      const level = { sku: 'MUG', location: `L${++run}` }
      await test.inventory.commands.openLocation({ code: level.location, name: 'Somewhere', kind: 'STORE', timeZone: 'UTC' }, caller)
      const movements = added.map(({ quantity, at }) => ({ ...level, delta: quantity, occurredAt: start + at }))
      await test.inventory.commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
      const { value } = await test.inventory.queries.onHandAt(level, start + moment)
      const expected = added.filter((fact) => fact.at <= moment).reduce((sum, { quantity }) => sum + quantity, 0)
      expect(value).to.deep.equal({ onHand: expected, version: added.length })
    }), { numRuns: 60 })
  })

  it('stays right while others sell at the same moment', async () => {
    const noon = test.clock.now() - 10_000
    await add(1_000, noon - 1)
    const sales = Array.from({ length: 200 }, () => remove(1))
    const counted = count(990, noon)
    await Promise.all([...sales, counted])
    expect(await onHand()).to.equal(790)
  })

  it('refuses a count under what is reserved or set aside', async () => {
    await add(10)
    await test.inventory.commands.setStockAside({ ...at, quantity: 4, reason: 'DAMAGED' }, caller)
    const error = await refusal(count(3))
    expect([error.code, error.details.unavailable]).to.deep.equal(['INSUFFICIENT_STOCK', 4])
    expect(await onHand()).to.equal(10)
  })
})
