import { locations } from './locations.ts'
import { products } from './products.ts'
import { reservations } from './reservations.ts'
import { stockLevels } from './stock-levels.ts'
import { transfers } from './transfers.ts'
import { webhooks } from './webhooks.ts'
import type { Projection } from '../read-model.ts'

/** All projections. The key of a row is the name of the stream that it is folded from. */
export const projections: readonly Projection<object>[] = [products, locations, stockLevels, reservations, transfers, webhooks]

export { locations, products, reservations, stockLevels, transfers, webhooks }
