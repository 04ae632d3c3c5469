import { requireOpen } from '../../domain/location.ts'
import { requireActive, requireRegistered } from '../../domain/product.ts'
import { type StockLevel, type StockLevelCommand, stockLevel } from '../../domain/stock-level.ts'
import { parseStream } from '../../domain/streams.ts'
import { identifier } from '../../domain/text.ts'
import type { RecordedEvent } from '../ports.ts'
import { stockLevelView } from '../projections/stock-levels.ts'
import type { StockLevelVersion } from '../read-model.ts'
import { locationStream, productStream, stockStream } from '../streams.ts'
import type { DispatchOptions, UnitOfWork } from '../unit-of-work.ts'
import type { StockLevelView } from '../views.ts'
import type { CommandContext } from './context.ts'

/** What a command on one stock level looks at. */
export interface StockTarget {
  readonly sku: string
  readonly location: string
  readonly streams: {
    readonly product: ReturnType<typeof productStream>
    readonly location: ReturnType<typeof locationStream>
    readonly stock: ReturnType<typeof stockStream>
  }
}

/** INVALID_INPUT where one is no identifier. */
export function stockTarget({ sku, location }: { readonly sku: string; readonly location: string }): StockTarget {
  identifier(sku, 'sku')
  identifier(location, 'location')
  return { sku, location, streams: { product: productStream(sku), location: locationStream(location), stock: stockStream(sku, location) } }
}

/** A discontinued product takes nothing in and is promised no more; it may still go out. */
const FOR_ACTIVE: ReadonlySet<StockLevelCommand['type']> = new Set(['AddStock', 'ReserveStock'])

/** Decides on a stock level whose product is registered and whose location is open. */
export function dispatchStock(work: UnitOfWork, { sku, location, streams }: StockTarget, command: StockLevelCommand, options?: DispatchOptions): void {
  const requireProduct = FOR_ACTIVE.has(command.type) ? requireActive : requireRegistered
  work.check(streams.product, (product) => requireProduct(product, sku))
  work.check(streams.location, (place) => requireOpen(place, location))
  work.dispatch(streams.stock, command, options)
}

/** The stock level as this unit of work leaves it. */
export const viewAfter = (work: UnitOfWork, target: StockTarget, recordedAt: number): StockLevelView => {
  const { stock } = target.streams
  return stockLevelView(target, work.state<StockLevel>(stock), { version: work.version(stock), recordedAt })
}

/** The stock level of the last event of each stream among these, as it was right after it, in the order of their first. */
export async function stockLevelsAfter({ readModel }: CommandContext, events: readonly RecordedEvent[]): Promise<readonly StockLevelView[]> {
  const versions = new Map<string, StockLevelVersion>()
  for (const { stream, version } of events) {
    const { kind, parts: [sku, location] } = parseStream(stream)
    if (kind === 'stock' && sku !== undefined && location !== undefined) versions.set(stream, { sku, location, version })
  }
  const { value } = await readModel.stockLevelsAfter([...versions.values()])
  return value.map((level, index) => {
    if (level) return level
    throw new Error(`${[...versions.keys()][index] ?? ''} is not projected.`)
  })
}

/** What is there; nothing of everything where nothing ever was. */
export async function currentLevel({ readModel, clock }: CommandContext, target: StockTarget): Promise<StockLevelView> {
  const { value: [level] } = await readModel.stockLevels([target])
  return level ?? stockLevelView(target, stockLevel.initialState, { version: 0, recordedAt: clock.now() })
}

