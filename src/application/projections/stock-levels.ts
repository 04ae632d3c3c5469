import type { StockLevelEvent } from '../../domain/events.ts'
import { StockQuantity } from '../../domain/quantity.ts'
import { stockLevel, type StockLevel } from '../../domain/stock-level.ts'
import { parseStream } from '../../domain/streams.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { StockLevelView } from '../views.ts'

export const stockLevels: StateProjection<StockLevelView, StockLevel> = {
  name: 'stock_levels',
  keyOf: ({ stream }) => (stream.startsWith('stock:') ? stream : undefined),
  evolve(row, event) {
    const level = stockLevel.evolve(row ? stateOf(row) : stockLevel.initialState, event as RecordedEvent<StockLevelEvent>)
    return stockLevelView(row ?? keyOf(event.stream), level, event)
  },
  stateOf,
}

export function stockLevelView(
  { sku, location }: { readonly sku: string; readonly location: string },
  level: StockLevel,
  { version, recordedAt }: Pick<RecordedEvent, 'version' | 'recordedAt'>,
): StockLevelView {
  const { onHand, reserved, unavailable, incoming } = level
  const { safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative } = level
  return {
    sku, location, onHand, reserved, unavailable, incoming,
    safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative,
    version, updatedAt: recordedAt,
  }
}

function keyOf(stream: string): { readonly sku: string; readonly location: string } {
  const [sku, location] = parseStream(stream).parts as [string, string]
  return { sku, location }
}

function stateOf(row: StockLevelView): StockLevel {
  const { safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative } = row
  return {
    kind: 'tracked',
    onHand: StockQuantity.of(row.onHand),
    reserved: StockQuantity.of(row.reserved),
    unavailable: StockQuantity.of(row.unavailable),
    incoming: StockQuantity.of(row.incoming),
    safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative,
  }
}
