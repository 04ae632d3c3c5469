import { isLow, type Quantities } from '../../domain/stock-level.ts'
import { subjectOf } from '../../domain/streams.ts'
import { eventMatcher } from '../event-filter.ts'
import type { EventFilter, RecordedEvent } from '../ports.ts'
import { stockLevels } from '../projections/stock-levels.ts'
import type { ReadModel, StockLevelKey } from '../read-model.ts'
import type { StockLevelView } from '../views.ts'
import type { Change, Source } from './follower.ts'

/** One change of one stock level. */
export interface StockChange extends Change {
  readonly event: RecordedEvent
  /** Undefined where the event is the stock level's first. */
  readonly before: StockLevelView | undefined
  readonly after: StockLevelView
}

/** What is left out is not asked for: all of it is wanted. Nothing is wanted of an empty list. */
export type StockChangeFilter = Pick<EventFilter, 'skus' | 'locations'>

type Versions = Pick<ReadModel, 'stockLevelsAfter'>

export function stockSource(filter: StockChangeFilter, readModel: Versions): Source<StockChange> {
  const isWanted = eventMatcher(filter)
  return {
    filter,
    recorded: (events) => recordedStock(events.filter((event) => stockLevels.keyOf(event) !== undefined), readModel),
    projected: ({ changes }) => changes
      .filter(({ projection, event }) => projection === stockLevels.name && isWanted(event))
      .map(({ event, before, after }) => stockChange(event, before as StockLevelView | undefined, after as StockLevelView)),
  }
}

/** The changes at which a stock level becomes low, or is it no longer: by its quantities, or by a policy that moves its reorder point. */
export function lowStockSource(filter: StockChangeFilter, readModel: Versions): Source<StockChange> {
  const stock = stockSource(filter, readModel)
  return {
    filter,
    recorded: async (events) => (await stock.recorded(events)).filter(isCrossing),
    projected: (batch) => stock.projected(batch).filter(isCrossing),
  }
}

const isCrossing = ({ before, after }: StockChange): boolean => (before !== undefined && isLevelLow(before)) !== isLevelLow(after)

const isLevelLow = (level: StockLevelView): boolean => isLow(level as StockLevelView & Quantities)

const stockChange = (event: RecordedEvent, before: StockLevelView | undefined, after: StockLevelView): StockChange =>
  ({ position: event.position, event, before, after })

/** Every version of a stock level is kept, so what an event did to it needs no folding. */
async function recordedStock(events: readonly RecordedEvent[], readModel: Versions): Promise<readonly StockChange[]> {
  const versions = events.flatMap(({ stream, version }) => {
    const key = subjectOf(stream) as StockLevelKey
    return [{ ...key, version: version - 1 }, { ...key, version }]
  })
  const { value: levels } = await readModel.stockLevelsAfter(versions)
  return events.map((event, index) => {
    const after = levels[2 * index + 1]
    if (!after) throw new Error(`The read model does not know ${event.stream} at version ${event.version}.`)
    return stockChange(event, levels[2 * index], after)
  })
}
