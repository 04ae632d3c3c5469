import { expect } from 'chai'
import type { Inventory } from '../../src/application/inventory.ts'
import { at, caller, givenMugsInLisbon, refusals } from './given-inventory.ts'
import { openTestInventory, type TestInventory } from './test-inventory.ts'

const lines = [{ sku: 'MUG', location: 'LIS', quantity: 9 }]
const basket = { strategy: 'FEWEST_LOCATIONS', dryRun: false } as const

/** With two mugs in Lisbon, at version 1 of their stock level; each is refused. */
const REFUSED: readonly [string, string, number, (inventory: Inventory) => Promise<unknown>][] = [
  ['a removal of more than there is', 'INSUFFICIENT_STOCK', 1, ({ commands }) => commands.removeStock({ ...at, quantity: 9, reason: 'SOLD' }, caller)],
  ['setting aside more than there is', 'INSUFFICIENT_STOCK', 1, ({ commands }) => commands.setStockAside({ ...at, quantity: 9, reason: 'DAMAGED' }, caller)],
  ['putting back what was not set aside', 'INSUFFICIENT_STOCK', 1, ({ commands }) => commands.putStockBack({ ...at, quantity: 9 }, caller)],
  ['a reservation of more than there is', 'INSUFFICIENT_STOCK', 1, ({ commands }) => commands.reserveStock({ ...basket, lines }, caller)],
  ['a transfer of more than there is', 'INSUFFICIENT_STOCK', 1, ({ commands }) => commands.dispatchTransfer({ from: 'LIS', to: 'OPO', lines }, caller)],
  ['a movement of more than there is', 'INSUFFICIENT_STOCK', 1, ({ commands }) =>
    commands.applyMovements({ movements: [{ ...at, delta: -9 }], errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)],
  ['a command on an older version', 'VERSION_CONFLICT', 1, ({ commands }) => commands.countStock({ ...at, counted: 1, expectedVersion: 0 }, caller)],
  ['stock for a closed location', 'INVALID_STATE', 2, ({ commands }) => commands.addStock({ sku: 'MUG', location: 'FAR', quantity: 1, reason: 'FOUND' }, caller)],
  ['a transfer to a closed location', 'INVALID_STATE', 2, ({ commands }) => commands.dispatchTransfer({ from: 'LIS', to: 'FAR', lines }, caller)],
  ['a reservation from a closed location', 'INVALID_STATE', 2, ({ commands }) => commands.reserveStock({ ...basket, lines: [{ sku: 'MUG', quantity: 1 }], locations: ['FAR'] }, caller)],
  ['stock of a discontinued product', 'INVALID_STATE', 2, ({ commands }) => commands.addStock({ sku: 'OLD', location: 'LIS', quantity: 1, reason: 'FOUND' }, caller)],
  ['a reservation of a discontinued product', 'INVALID_STATE', 2, ({ commands }) => commands.reserveStock({ ...basket, lines: [{ sku: 'OLD', quantity: 1 }] }, caller)],
  ['closing a location that holds stock', 'INVALID_STATE', 1, ({ commands }) => commands.closeLocation({ code: 'LIS' }, caller)],
]

describe('a refusal', () => {
  let test: TestInventory
  before(async () => {
    test = await openTestInventory()
    const { commands } = test.inventory
    await givenMugsInLisbon(test)
    for (const code of ['OPO', 'FAR']) await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
    await commands.closeLocation({ code: 'FAR' }, caller)
    await commands.registerProduct({ sku: 'OLD', name: 'Old', barcode: null, unit: 'EACH', attributes: {} }, caller)
    await commands.discontinueProduct({ sku: 'OLD' }, caller)
    await commands.addStock({ ...at, quantity: 2, reason: 'RECEIVED' }, caller)
  })
  after(() => test.close())

  for (const [what, code, version, command] of REFUSED) {
    it(`of ${what} carries the version that it was decided at`, async () => {
      const [error] = await refusals(command(test.inventory))
      expect([error?.code, error?.details.version]).to.deep.equal([code, version])
    })
  }

  it('of a second end of a reservation carries the version of the first', async () => {
    const { commands } = test.inventory
    const { result: { id } } = await commands.reserveStock({ ...basket, lines: [{ ...at, quantity: 1 }] }, caller)
    await commands.releaseReservation({ id }, caller)
    const [again] = await refusals(commands.releaseReservation({ id }, caller))
    expect([again?.code, again?.details.version]).to.deep.equal(['INVALID_STATE', 2])
  })

  it('of a line that may come from anywhere carries the versions of all places that were looked at', async () => {
    const { commands, queries } = test.inventory
    const { value: [level] } = await queries.stockLevels([at])
    const [error] = await refusals(commands.reserveStock({ ...basket, lines: [{ sku: 'MUG', quantity: 9 }] }, caller))
    expect([error?.code, error?.details.versions]).to.deep.equal(['INSUFFICIENT_STOCK', { LIS: level?.version }])
  })
})
