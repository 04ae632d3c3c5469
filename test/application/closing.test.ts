import { expect } from 'chai'
import { DomainError } from '../../src/domain/errors.ts'
import { at, caller, givenMugsInLisbon, refusal } from './given-inventory.ts'
import { type TestInventory, openTestInventory } from './test-inventory.ts'

describe('closing a location', () => {
  let test: TestInventory
  const close = () => test.inventory.commands.closeLocation({ code: 'LIS' }, caller)
  const add = (quantity: number) => test.inventory.commands.addStock({ ...at, quantity, reason: 'RECEIVED' }, caller)

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugsInLisbon(test)
  })
  afterEach(() => test.close())

  it('closes what is empty, and then takes nothing in', async () => {
    expect((await close()).result.status).to.equal('CLOSED')
    expect((await refusal(add(1))).code).to.equal('INVALID_STATE')
    expect((await close()).position, 'closing it again changes nothing').to.equal(undefined)
  })

  it('says what is still there', async () => {
    await add(2)
    const error = await refusal(close())
    expect([error.code, error.details.skus]).to.deep.equal(['INVALID_STATE', ['MUG']])
    await test.inventory.commands.removeStock({ ...at, quantity: 2, reason: 'SOLD' }, caller)
    expect((await close()).result.status).to.equal('CLOSED')
  })

  it('never leaves stock in a closed location, whoever is faster', async () => {
    for (let round = 0; round < 20; round++) {
      const code = `SHOP-${round}`
      await test.inventory.commands.openLocation({ code, name: 'A shop', kind: 'STORE', timeZone: 'UTC' }, caller)
      const here = { sku: 'MUG', location: code }
      const adds = Array.from({ length: 5 }, () => test.inventory.commands.addStock({ ...here, quantity: 1, reason: 'RECEIVED' }, caller))
      const closing = test.inventory.commands.closeLocation({ code }, caller)
      const late = Array.from({ length: 5 }, () => test.inventory.commands.addStock({ ...here, quantity: 1, reason: 'RECEIVED' }, caller))
      const outcomes = await Promise.allSettled([closing, ...adds, ...late])
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(DomainError)
      const { value: [location] } = await test.inventory.queries.locations([code])
      const { value: [level] } = await test.inventory.queries.stockLevels([here])
      if (location?.status === 'CLOSED') expect(level?.onHand ?? 0).to.equal(0)
      else expect(level?.onHand).to.equal(10)
    }
  })
})
