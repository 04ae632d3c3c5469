import DataLoader from 'dataloader'
import type { Caller } from '../../application/commands/types.ts'
import type { Inventory } from '../../application/inventory.ts'
import type { LocationView, ProductView } from '../../application/views.ts'

/** What resolvers have at hand for one request. */
export interface Context {
  readonly inventory: Inventory
  readonly caller: Caller
  /** One read for all products of an answer, and one for all locations. */
  readonly products: DataLoader<string, ProductView | undefined>
  readonly locations: DataLoader<string, LocationView | undefined>
}

export function createContext(inventory: Inventory, caller: Caller): Context {
  const { queries } = inventory
  return {
    inventory,
    caller,
    products: new DataLoader(async (skus) => (await queries.products(skus)).value),
    locations: new DataLoader(async (codes) => (await queries.locations(codes)).value),
  }
}
