import type { StockLevelEvent } from '../../domain/events.ts'
import { StockQuantity } from '../../domain/quantity.ts'
import { stockLevel, type StockLevel } from '../../domain/stock-level.ts'
import { parseStream } from '../../domain/streams.ts'
import type { RecordedEvent } from '../ports.ts'
import type { Projection } from '../read-model.ts'
import type { StockLevelView } from '../views.ts'

export const stockLevels: Projection<StockLevelView> = {
  name: 'stock_levels',
  keyOf: ({ stream }) => (stream.startsWith('stock:') ? stream : undefined),
  evolve(row, event) {
    const level = stockLevel.evolve(stateOf(row), event as RecordedEvent<StockLevelEvent>)
    const { onHand, reserved, unavailable, incoming } = level
    const { safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative } = level
    return {
      ...(row === undefined ? keyOf(event.stream) : { sku: row.sku, location: row.location }),
      onHand, reserved, unavailable, incoming,
      safetyStock, reorderPoint, reorderQuantity, backorderLimit, allowNegative,
      version: event.version,
      updatedAt: event.recordedAt,
    }
  },
}

function keyOf(stream: string): { readonly sku: string; readonly location: string } {
  const [sku, location] = parseStream(stream).parts as [string, string]
  return { sku, location }
}

function stateOf(row: StockLevelView | undefined): StockLevel {
  if (row === undefined) return stockLevel.initialState
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
