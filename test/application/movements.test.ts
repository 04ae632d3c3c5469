import { expect } from 'chai'
import type { ApplyMovements, Movement } from '../../src/application/commands/types.ts'
import { at, caller, eventsOf, givenMugsInLisbon, MUG, refusal, refusals } from './given-inventory.ts'
import { type TestInventory, openTestInventory } from './test-inventory.ts'

describe('applying movements', () => {
  let test: TestInventory
  const apply = (movements: readonly Movement[], options: Partial<ApplyMovements> = {}) =>
    test.inventory.commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false, ...options }, caller)
  const onHand = async (): Promise<number | undefined> => (await test.inventory.queries.stockLevels([at])).value[0]?.onHand

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugsInLisbon(test)
  })
  afterEach(() => test.close())

  /** One good row, and one of each fault. */
  const mixed = (): readonly Movement[] => [
    { ...at, delta: 5 },
    { ...at, sku: 'NONE', delta: 1 },
    { ...at, delta: 0 },
    { ...at, delta: -9 },
    { ...at, delta: 1, occurredAt: test.clock.now() + 60_000 },
    { ...at, sku: '', delta: 1 },
    { ...at, delta: -2 },
  ]
  const faults = [
    ['movements.1.sku', 'NOT_FOUND'],
    ['movements.2.delta', 'INVALID_INPUT'],
    ['movements.3.delta', 'INSUFFICIENT_STOCK'],
    ['movements.4.occurredAt', 'INVALID_INPUT'],
    ['movements.5.sku', 'INVALID_INPUT'],
  ]

  it('takes rows in their order, each with its own document', async () => {
    const occurredAt = test.clock.now() - 60_000
    const { result } = await apply([{ ...at, delta: 3, reference: 'DN-1', occurredAt }, { ...at, delta: -3, reason: 'SOLD' }, { ...at, delta: 7 }])
    expect(result).to.deep.include({ applied: 3, refusals: [] })
    expect(result.stockLevels.map(({ onHand, version }) => [onHand, version])).to.deep.equal([[7, 3]])
    const [first, second] = (await eventsOf(test.store)).slice(-3)
    expect([first?.metadata.reference, first?.occurredAt]).to.deep.equal(['DN-1', occurredAt])
    expect([second?.metadata.reference, second?.data]).to.deep.equal([undefined, { quantity: 3, reason: 'SOLD' }])
  })

  it('names every bad row at once and applies nothing', async () => {
    const before = test.store.head()
    const errors = await refusals(apply(mixed()))
    expect(errors.map(({ field, code }) => [field.join('.'), code])).to.deep.equal(faults)
    expect(test.store.head()).to.equal(before)
  })

  it('leaves out the bad rows where it is told to, and remembers them for who asks again', async () => {
    const rows = mixed()
    const options = { errorPolicy: 'SKIP_FAILED', idempotencyKey: 'file-1' } as const
    const first = await apply(rows, options)
    expect([first.result.applied, first.result.refusals.map(({ field, code }) => [field.join('.'), code])]).to.deep.equal([2, faults])
    expect(await onHand()).to.equal(3)
    await test.inventory.commands.addStock({ ...at, quantity: 100, reason: 'RECEIVED' }, caller)
    const again = await apply(rows, options)
    expect(again).to.deep.equal({ ...first, replayed: true })
    expect(await onHand()).to.equal(103)
  })

  it('names the levels that it touched in the same order when it is repeated, though the first row of one was refused', async () => {
    await test.inventory.commands.registerProduct({ ...MUG, sku: 'TEA' }, caller)
    const rows = [{ ...at, delta: -1 }, { ...at, sku: 'TEA', delta: 1 }, { ...at, delta: 1 }]
    const options = { errorPolicy: 'SKIP_FAILED', idempotencyKey: 'order' } as const
    const first = await apply(rows, options)
    expect(first.result.stockLevels.map(({ sku }) => sku)).to.deep.equal(['TEA', 'MUG'])
    expect(await apply(rows, options)).to.deep.equal({ ...first, replayed: true })
  })

  it('decides and appends nothing on a dry run', async () => {
    const before = test.store.head()
    const { result, position } = await apply(mixed(), { errorPolicy: 'SKIP_FAILED', dryRun: true })
    expect([result.applied, result.refusals.length, result.stockLevels[0]?.onHand, position]).to.deep.equal([2, 5, 3, undefined])
    expect([test.store.head(), await onHand()]).to.deep.equal([before, undefined])
  })

  it('takes ten thousand and refuses more', async () => {
    const rows = Array.from({ length: 10_000 }, () => ({ ...at, delta: 1 }))
    expect((await apply(rows)).result.applied).to.equal(10_000)
    expect(await onHand()).to.equal(10_000)
    expect((await refusal(apply([...rows, { ...at, delta: 1 }]))).code).to.equal('LIMIT_EXCEEDED')
    expect((await refusal(apply([]))).code).to.equal('INVALID_INPUT')
  })

  it('shares stock rightly with commands that run beside it', async () => {
    await apply([{ ...at, delta: 100 }])
    const bulk = Array.from({ length: 10 }, () => apply(Array.from({ length: 10 }, () => ({ ...at, delta: -1 })), { errorPolicy: 'SKIP_FAILED' }))
    const single = Array.from({ length: 50 }, () => test.inventory.commands.removeStock({ ...at, quantity: 1, reason: 'SOLD' }, caller).then(() => 1, () => 0))
    const sold = (await Promise.all(bulk)).reduce((sum, { result }) => sum + result.applied, 0) + (await Promise.all(single)).reduce((sum, one) => sum + one, 0)
    expect([sold, await onHand()]).to.deep.equal([100, 0])
  })
})
