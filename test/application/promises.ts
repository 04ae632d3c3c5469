import type { ReserveStock } from '../../src/application/commands/promise-types.ts'
import type { StockLevelView } from '../../src/application/views.ts'
import { caller, MUG } from './given-inventory.ts'
import type { TestInventory } from './test-inventory.ts'

/** Locations, and mugs in them: { LIS: 5, OPO: 3 }. */
export async function givenMugs({ inventory: { commands } }: Pick<TestInventory, 'inventory'>, mugs: Readonly<Record<string, number>>, sku = 'MUG'): Promise<void> {
  await commands.registerProduct({ ...MUG, sku }, caller)
  for (const [code, quantity] of Object.entries(mugs)) {
    await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller).catch(() => undefined)
    if (quantity > 0) await commands.addStock({ sku, location: code, quantity, reason: 'RECEIVED' }, caller)
  }
}

export const mugs = (quantity: number, location?: string) => ({ sku: 'MUG', quantity, ...(location !== undefined && { location }) })

export const reserve = ({ inventory }: Pick<TestInventory, 'inventory'>, lines: ReserveStock['lines'], more: Partial<ReserveStock> = {}) =>
  inventory.commands.reserveStock({ lines, strategy: 'PRIORITY', dryRun: false, ...more }, caller)

export const level = async ({ inventory }: Pick<TestInventory, 'inventory'>, location: string, sku = 'MUG'): Promise<StockLevelView> => {
  const { value: [found] } = await inventory.queries.stockLevels([{ sku, location }])
  if (!found) throw new Error(`There is no stock of ${sku} at ${location}.`)
  return found
}
