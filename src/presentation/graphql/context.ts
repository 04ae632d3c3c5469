import DataLoader from 'dataloader'
import type { AuthorizedInventory } from '../../application/access/authorized-inventory.ts'
import type { Caller } from '../../application/commands/types.ts'
import type { Moment, StockLevelKey } from '../../application/read-model.ts'
import type { LocationView, ProductView, StockLevelView, TotalsView } from '../../application/views.ts'

/** A stock level, and the place of the log that it shows. Stale: an earlier answer, because the store could not be asked. */
export type ShownStockLevel = StockLevelView & Shown
export interface Shown {
  readonly position: number
  readonly stale: boolean
  readonly ageMs?: number
  /** The past moment that was asked for. */
  readonly moment?: Moment | undefined
}

export const shown = (level: StockLevelView, { position, stale, ageMs, moment }: Shown): ShownStockLevel =>
  ({ ...level, position, stale, ...(ageMs !== undefined && { ageMs }), moment })

/** One read for all that an answer needs of a kind, however many rows it has. */
interface Loaders {
  readonly products: DataLoader<string, ProductView | undefined>
  readonly locations: DataLoader<string, LocationView | undefined>
  readonly stockLevels: DataLoader<StockLevelKey, ShownStockLevel | undefined, string>
  readonly totals: DataLoader<string, TotalsView>
  readonly locationTotals: DataLoader<string, TotalsView>
  /** The position of the last event that the log had taken in by a moment of record time; 0 before the first. */
  readonly knownPositions: DataLoader<number, number>
}

/** What resolvers have at hand for one request. */
export interface Context extends Loaders {
  /** As the caller may see and change it. */
  readonly inventory: AuthorizedInventory
  readonly caller: Caller
  /** Of this server, as its package names it. */
  readonly version: string
  /** What is loaded from here on is read anew: a command has changed it, or a later place was waited for. */
  forget(): void
}

export function createContext(inventory: AuthorizedInventory, caller: Caller, version: string): Context {
  const loaders = createLoaders(inventory)
  return {
    ...loaders,
    inventory,
    caller,
    version,
    forget() {
      for (const loader of Object.values(loaders) as Loaders[keyof Loaders][]) loader.clearAll()
    },
  }
}

const createLoaders = ({ queries, events }: AuthorizedInventory): Loaders => ({
  products: new DataLoader(async (skus) => (await queries.products(skus)).value),
  locations: new DataLoader(async (codes) => (await queries.locations(codes)).value),
  stockLevels: new DataLoader(async (keys) => {
    const { value, ...place } = await queries.stockLevels(keys)
    return value.map((level) => level && shown(level, place))
  }, { cacheKeyFn: ({ sku, location }) => JSON.stringify([sku, location]) }),
  totals: new DataLoader(async (skus) => (await queries.totals(skus)).value),
  locationTotals: new DataLoader(async (codes) => (await queries.locationTotals(codes)).value),
  knownPositions: new DataLoader((moments) => Promise.all(moments.map(async (knownAt) => {
    const { events: [last] } = await events.find({ recordedTo: knownAt + 1 }, { last: 1 })
    return last?.position ?? 0
  }))),
})
