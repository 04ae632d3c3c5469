import type { ProductEvent } from '../../domain/events.ts'
import { product, type Product } from '../../domain/product.ts'
import type { RecordedEvent } from '../ports.ts'
import type { Projection } from '../read-model.ts'
import type { ProductView } from '../views.ts'

export const products: Projection<ProductView> = {
  name: 'products',
  keyOf: ({ stream }) => (stream.startsWith('product:') ? stream : undefined),
  evolve(row, event) {
    const state = product.evolve(stateOf(row), event as RecordedEvent<ProductEvent>)
    if (state.kind === 'unregistered') throw new Error(`${event.type} at ${event.position} is about a product that was never registered.`)
    const { sku, name, barcode, unit, attributes } = state
    return {
      sku, name, barcode, unit, attributes,
      status: state.kind === 'active' ? 'ACTIVE' : 'DISCONTINUED',
      version: event.version,
      registeredAt: row?.registeredAt ?? event.recordedAt,
      updatedAt: event.recordedAt,
    }
  },
}

function stateOf(row: ProductView | undefined): Product {
  if (row === undefined) return product.initialState
  const { sku, name, barcode, unit, attributes } = row
  return { kind: row.status === 'ACTIVE' ? 'active' : 'discontinued', sku, name, barcode, unit, attributes }
}
