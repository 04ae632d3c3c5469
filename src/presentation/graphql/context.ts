import type { AuthorizedInventory } from '../../application/access/authorized-inventory.ts'
import type { Caller } from '../../application/commands/types.ts'
import type { Moment, StockLevelKey } from '../../application/read-model.ts'
import type { LocationView, ProductView, StockLevelView, TotalsView } from '../../application/views.ts'
import { RowLoader } from './row-loader.ts'

/** A stock level, and the place of the log that it shows. Stale: an earlier answer, because the store could not be asked. */
export type ShownStockLevel = StockLevelView & Shown
export interface Shown {
  readonly position: number
  readonly stale: boolean
  readonly ageMs?: number
  /** The past moment that was asked for. */
  readonly moment?: Moment | undefined
}

/** Field by field: a copy that fields are added to takes a hundred times as long, and pages are full of these. */
export const shown = (level: StockLevelView, { position, stale, ageMs, moment }: Shown): ShownStockLevel =>
  ({
    sku: level.sku,
    location: level.location,
    onHand: level.onHand,
    reserved: level.reserved,
    unavailable: level.unavailable,
    incoming: level.incoming,
    safetyStock: level.safetyStock,
    reorderPoint: level.reorderPoint,
    reorderQuantity: level.reorderQuantity,
    backorderLimit: level.backorderLimit,
    allowNegative: level.allowNegative,
    version: level.version,
    updatedAt: level.updatedAt,
    position,
    stale,
    moment,
    ...(ageMs !== undefined && { ageMs }),
  })

/** One read for all that an answer needs of a kind, however many rows it has. */
interface Loaders {
  readonly products: RowLoader<string, ProductView | undefined>
  readonly locations: RowLoader<string, LocationView | undefined>
  readonly stockLevels: RowLoader<StockLevelKey, ShownStockLevel | undefined>
  readonly totals: RowLoader<string, TotalsView>
  readonly locationTotals: RowLoader<string, TotalsView>
  /** The position of the last event that the log had taken in by a moment of record time; 0 before the first. */
  readonly knownPositions: RowLoader<number, number>
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

export const createContext = (inventory: AuthorizedInventory, caller: Caller, version: string): Context =>
  new RequestContext(inventory, caller, version)

/** Most requests need few of the loaders: each is made when it is asked for. Apollo Server copies it, so nothing here is private by #. */
class RequestContext implements Context {
  private loaders: Partial<{ -readonly [Name in keyof Loaders]: Loaders[Name] }> = {}

  constructor(readonly inventory: AuthorizedInventory, readonly caller: Caller, readonly version: string) {}

  get products(): Loaders['products'] {
    const { queries } = this.inventory
    return this.loaders.products ??= new RowLoader({
      read: async (skus) => (await queries.products(skus)).value,
      atHand: (sku) => queries.atHand?.product(sku),
    })
  }

  get locations(): Loaders['locations'] {
    const { queries } = this.inventory
    return this.loaders.locations ??= new RowLoader({
      read: async (codes) => (await queries.locations(codes)).value,
      atHand: (code) => queries.atHand?.location(code),
    })
  }

  get stockLevels(): Loaders['stockLevels'] {
    const { queries } = this.inventory
    return this.loaders.stockLevels ??= new RowLoader({
      async read(keys) {
        const { value, ...place } = await queries.stockLevels(keys)
        return value.map((level) => level && shown(level, place))
      },
      atHand(key) {
        const found = queries.atHand?.stockLevel(key)
        return found && { value: found.value && shown(found.value, found) }
      },
      nameOf: ({ sku, location }) => JSON.stringify([sku, location]),
    })
  }

  get totals(): Loaders['totals'] {
    return this.loaders.totals ??= new RowLoader({ read: async (skus) => (await this.inventory.queries.totals(skus)).value })
  }

  get locationTotals(): Loaders['locationTotals'] {
    return this.loaders.locationTotals ??= new RowLoader({ read: async (codes) => (await this.inventory.queries.locationTotals(codes)).value })
  }

  get knownPositions(): Loaders['knownPositions'] {
    return this.loaders.knownPositions ??= new RowLoader({
      read: (moments) => Promise.all(moments.map(async (knownAt) => {
        const { events: [last] } = await this.inventory.events.find({ recordedTo: knownAt + 1 }, { last: 1 })
        return last?.position ?? 0
      })),
    })
  }

  forget(): void { this.loaders = {} }
}
