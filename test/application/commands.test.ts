import { expect } from 'chai'
import type { DomainError } from '../../src/domain/errors.ts'
import { at, caller, eventsOf, givenMugsInLisbon, refusal } from './given-inventory.ts'
import { type TestInventory, openTestInventory } from './test-inventory.ts'

describe('commands', () => {
  let test: TestInventory

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugsInLisbon(test)
  })

  afterEach(() => test.close())

  it('never oversells: 50 clients share the last 100 of one SKU', async () => {
    const { commands } = test.inventory
    await commands.addStock({ ...at, quantity: 100, reason: 'RECEIVED' }, caller)
    const outcomes: string[] = []
    const versions: number[] = []
    const client = async (): Promise<void> => {
      for (let sale = 0; sale < 20; sale++) {
        const sold = commands.removeStock({ ...at, quantity: 1, reason: 'SOLD' }, caller)
        outcomes.push(await sold.then(({ result }) => (versions.push(result.version), 'sold'), (error: unknown) => (error as DomainError).code))
      }
    }
    await Promise.all(Array.from({ length: 50 }, client))
    expect(outcomes.filter((outcome) => outcome === 'sold')).to.have.length(100)
    expect(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_STOCK')).to.have.length(900)
    expect(versions.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 100 }, (_, index) => index + 2))
  })

  it('says what there is when there is not enough, and at which version that was', async () => {
    const { commands } = test.inventory
    await commands.addStock({ ...at, quantity: 3, reason: 'RECEIVED' }, caller)
    const error = await refusal(commands.removeStock({ ...at, quantity: 5, reason: 'SOLD' }, caller))
    expect(error.code).to.equal('INSUFFICIENT_STOCK')
    expect(error.details).to.include({ requested: 5, availableToPromise: 3, version: 1 })
    expect(error.field).to.deep.equal(['quantity'])
  })

  it('does a command with an idempotency key once, at the same time and later, and gives its first answer again', async () => {
    const { commands } = test.inventory
    const command = { ...at, quantity: 5, reason: 'RECEIVED', idempotencyKey: 'delivery-7' }
    const answers = await Promise.all([1, 2, 3].map(() => commands.addStock(command, caller)))
    expect(answers.map((answer) => answer.replayed)).to.deep.equal([false, true, true])
    await commands.addStock({ ...at, quantity: 1, reason: 'RECEIVED' }, caller)
    const again = await commands.addStock(command, caller)
    expect(again).to.deep.equal({ ...answers[0], replayed: true })
    expect((await eventsOf(test.store)).filter((event) => event.type === 'StockAdded')).to.have.length(2)
  })

  it('refuses an idempotency key that was used for something else', async () => {
    const { commands } = test.inventory
    await commands.addStock({ ...at, quantity: 5, reason: 'RECEIVED', idempotencyKey: 'k' }, caller)
    const error = await refusal(commands.addStock({ ...at, quantity: 6, reason: 'RECEIVED', idempotencyKey: 'k' }, caller))
    expect(error.code).to.equal('IDEMPOTENCY_KEY_REUSED')
  })

  it('fails with VERSION_CONFLICT where the caller has seen an older version', async () => {
    const { commands } = test.inventory
    await commands.addStock({ ...at, quantity: 5, reason: 'RECEIVED' }, caller)
    const error = await refusal(commands.removeStock({ ...at, quantity: 1, reason: 'SOLD', expectedVersion: 0 }, caller))
    expect([error.code, error.details]).to.deep.equal(['VERSION_CONFLICT', { expectedVersion: 0, actualVersion: 1, version: 1 }])
  })

  it('refuses an unknown product or location, a future moment, a key of nothing, and appends nothing', async () => {
    const { commands } = test.inventory
    const before = test.store.head()
    const add = { ...at, quantity: 1, reason: 'RECEIVED' }
    const refused = [
      [{ ...add, sku: 'NONE' }, 'NOT_FOUND', 'sku'],
      [{ ...add, sku: '__proto__' }, 'NOT_FOUND', 'sku'],
      [{ ...add, location: 'NONE' }, 'NOT_FOUND', 'location'],
      [{ ...add, quantity: 0 }, 'INVALID_INPUT', 'quantity'],
      [{ ...add, quantity: 1.5 }, 'INVALID_INPUT', 'quantity'],
      [{ ...add, sku: '\ud800' }, 'INVALID_INPUT', 'sku'],
      [{ ...add, reference: 'a\u0000b' }, 'INVALID_INPUT', 'reference'],
      [{ ...add, occurredAt: test.clock.now() + 60_000 }, 'INVALID_INPUT', 'occurredAt'],
      [{ ...add, idempotencyKey: '' }, 'INVALID_INPUT', 'idempotencyKey'],
    ] as const
    for (const [command, code, field] of refused) {
      const error = await refusal(commands.addStock(command, caller))
      expect([error.code, error.field[0]], JSON.stringify(command)).to.deep.equal([code, field])
    }
    expect(test.store.head()).to.equal(before)
  })

  it('lets a discontinued product be sold off and takes no more of it in', async () => {
    const { commands } = test.inventory
    await commands.addStock({ ...at, quantity: 2, reason: 'RECEIVED' }, caller)
    await commands.discontinueProduct({ sku: 'MUG' }, caller)
    const { result } = await commands.removeStock({ ...at, quantity: 1, reason: 'SOLD' }, caller)
    expect(result.onHand).to.equal(1)
    expect((await refusal(commands.addStock({ ...at, quantity: 1, reason: 'RECEIVED' }, caller))).code).to.equal('INVALID_STATE')
  })

  it('shows a command in the queries that begin after its answer', async () => {
    const { commands, queries } = test.inventory
    const { result } = await commands.addStock({ ...at, quantity: 4, reason: 'RECEIVED' }, caller)
    expect((await queries.stockLevels([at])).value[0]).to.deep.equal(result)
  })
})
