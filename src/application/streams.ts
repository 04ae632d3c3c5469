import type { Decider } from '../domain/decider.ts'
import { location, type Location, type LocationCommand } from '../domain/location.ts'
import { product, type Product, type ProductCommand } from '../domain/product.ts'
import { stockLevel, type StockLevel, type StockLevelCommand } from '../domain/stock-level.ts'
import { streamName } from '../domain/streams.ts'
import type { DomainEvent, LocationEvent, ProductEvent, StockLevelEvent } from '../domain/events.ts'

/** A stream and the aggregate that decides over it. */
export interface Stream<State, Command, Event extends DomainEvent> {
  readonly name: string
  readonly decider: Decider<State, Command, Event>
}

/** A stream whose kind does not matter, as where it is loaded. Its state is looked at only through its own decider. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a decider takes and gives its own types, so no single type but any holds them all
export type AnyStream = Stream<any, any, any>

export const productStream = (sku: string): Stream<Product, ProductCommand, ProductEvent> =>
  ({ name: streamName.product(sku), decider: product })

export const locationStream = (code: string): Stream<Location, LocationCommand, LocationEvent> =>
  ({ name: streamName.location(code), decider: location })

export const stockStream = (sku: string, code: string): Stream<StockLevel, StockLevelCommand, StockLevelEvent> =>
  ({ name: streamName.stock(sku, code), decider: stockLevel })
