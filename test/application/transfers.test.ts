import { expect } from 'chai'
import { caller, eventsOf, refusal, refusals } from './given-inventory.ts'
import { givenMugs, level, mugs, reserve } from './promises.ts'
import { openTestInventory, type TestInventory } from './test-inventory.ts'

describe('transfers', () => {
  let test: TestInventory
  const line = (quantity: number, sku = 'MUG') => ({ sku, quantity })
  const dispatch = (lines: readonly { sku: string; quantity: number }[], more: object = {}) =>
    test.inventory.commands.dispatchTransfer({ from: 'LIS', to: 'OPO', lines, ...more }, caller)
  const stock = async (location: string, sku = 'MUG') => {
    const { onHand, incoming } = await level(test, location, sku)
    return { onHand, incoming }
  }

  beforeEach(async () => {
    test = await openTestInventory()
    await givenMugs(test, { LIS: 10, OPO: 1 })
    await givenMugs(test, { LIS: 5 }, 'TEA')
  })
  afterEach(() => test.close())

  it('go out, are on their way, and come in, with what is missing', async () => {
    const { commands, queries } = test.inventory
    const { result } = await dispatch([line(6), line(5, 'TEA')], { reference: 'note-1' })
    expect(result).to.deep.include({ status: 'IN_TRANSIT', from: 'LIS', to: 'OPO', reference: 'note-1', completedAt: null, version: 1 })
    expect([await stock('LIS'), await stock('OPO'), await stock('OPO', 'TEA')]).to.deep.equal([{ onHand: 4, incoming: 0 }, { onHand: 1, incoming: 6 }, { onHand: 0, incoming: 5 }])
    const part = await commands.receiveTransfer({ id: result.id, lines: [line(4)], expectedVersion: 1 }, caller)
    expect(part.result).to.deep.include({ status: 'IN_TRANSIT', completedAt: null, version: 2 })
    expect(part.result.lines[0]).to.deep.equal({ sku: 'MUG', quantity: 6, received: 4, missing: 2 })
    expect(await stock('OPO')).to.deep.equal({ onHand: 5, incoming: 0 })
    const all = await commands.receiveTransfer({ id: result.id }, caller)
    expect(all.result.status).to.equal('RECEIVED')
    expect(all.result.completedAt).to.be.at.least(result.dispatchedAt)
    expect(await stock('OPO', 'TEA')).to.deep.equal({ onHand: 5, incoming: 0 })
    expect((await queries.transfers([result.id])).value).to.deep.equal([all.result])
  })

  it('come back where they are cancelled, but for what was received', async () => {
    const { commands } = test.inventory
    const { result: { id } } = await dispatch([line(6), line(5, 'TEA')])
    await commands.receiveTransfer({ id, lines: [line(5, 'TEA')] }, caller)
    await commands.discontinueProduct({ sku: 'MUG' }, caller)
    expect((await commands.cancelTransfer({ id }, caller)).result).to.deep.include({ status: 'CANCELLED', version: 3 })
    expect([await stock('LIS'), await stock('OPO'), await stock('OPO', 'TEA')]).to.deep.equal([{ onHand: 10, incoming: 0 }, { onHand: 1, incoming: 0 }, { onHand: 5, incoming: 0 }])
    expect((await refusal(commands.receiveTransfer({ id }, caller))).details).to.include({ status: 'CANCELLED' })
  })

  it('take from what is available alone, all or nothing, and name every line that is short', async () => {
    await reserve(test, [mugs(7, 'LIS')])
    const before = test.store.head()
    const found = await refusals(dispatch([line(2), line(2), line(6, 'TEA'), line(1, 'NONE'), line(1)]))
    expect(found.map(({ code, field }) => [code, field.join('.')])).to.deep.equal([
      ['INSUFFICIENT_STOCK', 'lines.1.quantity'], ['INSUFFICIENT_STOCK', 'lines.2.quantity'], ['NOT_FOUND', 'lines.3.sku'],
    ])
    expect(found[0]!.details).to.include({ requested: 2, available: 1 })
    expect(test.store.head()).to.equal(before)
    expect((await dispatch([line(2), line(1)])).result.lines).to.deep.equal([{ sku: 'MUG', quantity: 3, received: 0, missing: 0 }])
  })

  it('refuse what is no transfer', async () => {
    const { commands } = test.inventory
    const refused = async (promise: Promise<unknown>) => (await refusals(promise)).map(({ code, field }) => [code, field.join('.')])
    expect(await refused(dispatch([line(1)], { to: 'LIS' }))).to.deep.equal([['INVALID_INPUT', 'to']])
    expect(await refused(dispatch([line(1)], { to: 'NONE' }))).to.deep.equal([['NOT_FOUND', 'to']])
    expect(await refused(dispatch([line(1)], { from: 'NONE' }))).to.deep.equal([['NOT_FOUND', 'from']])
    expect(await refused(dispatch([]))).to.deep.equal([['INVALID_INPUT', 'lines']])
    expect(await refused(dispatch(Array.from({ length: 1_001 }, () => line(1))))).to.deep.equal([['LIMIT_EXCEEDED', 'lines']])
    expect(await refused(commands.cancelTransfer({ id: 'none' }, caller))).to.deep.equal([['NOT_FOUND', 'id']])
    const { result: { id } } = await dispatch([line(1)])
    expect(await refused(commands.receiveTransfer({ id, lines: [line(2)] }, caller))).to.deep.equal([['INVALID_INPUT', 'lines.0.quantity']])
    expect(await refused(commands.cancelTransfer({ id, expectedVersion: 2 }, caller))).to.deep.equal([['VERSION_CONFLICT', 'expectedVersion']])
  })

  it('keep both their locations open, and name themselves', async () => {
    const { commands } = test.inventory
    await commands.openLocation({ code: 'EVR', name: 'Évora', kind: 'STORE', timeZone: 'UTC' }, caller)
    const { result: { id } } = await dispatch([line(10), line(5, 'TEA')], { to: 'EVR' })
    for (const code of ['LIS', 'EVR']) {
      expect((await refusal(commands.closeLocation({ code }, caller))).details.transfers).to.deep.equal([`transfer:${id}`])
    }
    await commands.cancelTransfer({ id }, caller)
    expect((await commands.closeLocation({ code: 'EVR' }, caller)).result.status).to.equal('CLOSED')
  })

  it('are done once with an idempotency key, in one append', async () => {
    const { commands } = test.inventory
    const first = await dispatch([line(3)], { idempotencyKey: 'd' })
    const received = await commands.receiveTransfer({ id: first.result.id, idempotencyKey: 'r' }, caller)
    expect(await dispatch([line(3)], { idempotencyKey: 'd' })).to.deep.equal({ ...first, replayed: true })
    expect(await commands.receiveTransfer({ id: first.result.id, idempotencyKey: 'r' }, caller)).to.deep.equal({ ...received, replayed: true })
    const types = (await eventsOf(test.store)).slice(-5).map(({ type }) => type)
    expect(types).to.deep.equal(['TransferDispatched', 'StockDispatched', 'StockExpected', 'TransferReceived', 'ExpectedStockReceived'])
  })
})
