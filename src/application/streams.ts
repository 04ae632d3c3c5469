import type { Decider } from '../domain/decider.ts'
import { location, type Location, type LocationCommand } from '../domain/location.ts'
import { product, type Product, type ProductCommand } from '../domain/product.ts'
import { stockLevel, type StockLevel, type StockLevelCommand } from '../domain/stock-level.ts'
import { streamName } from '../domain/streams.ts'
import { reservation, type Reservation, type ReservationCommand } from '../domain/reservation.ts'
import { transfer, type Transfer, type TransferCommand } from '../domain/transfer.ts'
import { webhook, type Webhook, type WebhookCommand } from '../domain/webhook.ts'
import type { DomainEvent, LocationEvent, ProductEvent, ReservationEvent, StockLevelEvent, TransferEvent, WebhookEvent } from '../domain/events.ts'
import { locations } from './projections/locations.ts'
import { products } from './projections/products.ts'
import { reservations } from './projections/reservations.ts'
import { stockLevels } from './projections/stock-levels.ts'
import { transfers } from './projections/transfers.ts'
import { webhooks } from './projections/webhooks.ts'
import type { StateProjection } from './read-model.ts'

/** A stream, the aggregate that decides over it, and where its state is projected to. */
export interface Stream<State, Command, Event extends DomainEvent> {
  readonly name: string
  readonly decider: Decider<State, Command, Event>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the projection itself looks into its rows
  readonly projection: StateProjection<any, State>
  /** Named by an id that was made just now, so that there is nothing to load. */
  readonly isNew?: boolean
}

/** A stream whose kind does not matter, as where it is loaded. Its state is looked at only through its own decider. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a decider takes and gives its own types, so no single type but any holds them all
export type AnyStream = Stream<any, any, any>

export const productStream = (sku: string): Stream<Product, ProductCommand, ProductEvent> =>
  ({ name: streamName.product(sku), decider: product, projection: products })

export const locationStream = (code: string): Stream<Location, LocationCommand, LocationEvent> =>
  ({ name: streamName.location(code), decider: location, projection: locations })

export const stockStream = (sku: string, code: string): Stream<StockLevel, StockLevelCommand, StockLevelEvent> =>
  ({ name: streamName.stock(sku, code), decider: stockLevel, projection: stockLevels })

export const reservationStream = (id: string): Stream<Reservation, ReservationCommand, ReservationEvent> =>
  ({ name: streamName.reservation(id), decider: reservation, projection: reservations })

export const transferStream = (id: string): Stream<Transfer, TransferCommand, TransferEvent> =>
  ({ name: streamName.transfer(id), decider: transfer, projection: transfers })

export const webhookStream = (id: string): Stream<Webhook, WebhookCommand, WebhookEvent> =>
  ({ name: streamName.webhook(id), decider: webhook, projection: webhooks })
