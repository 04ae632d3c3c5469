import type { ProductEvent } from '../../domain/events.ts'
import { product, type Product } from '../../domain/product.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { ProductView } from '../views.ts'

export const products: StateProjection<ProductView, Product> = {
  name: 'products',
  keyOf: ({ stream }) => (stream.startsWith('product:') ? stream : undefined),
  evolve(row, event) {
    const state = product.evolve(row ? stateOf(row) : product.initialState, event as RecordedEvent<ProductEvent>)
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
  stateOf,
}

function stateOf({ sku, name, barcode, unit, attributes, status }: ProductView): Product {
  return { kind: status === 'ACTIVE' ? 'active' : 'discontinued', sku, name, barcode, unit, attributes }
}
