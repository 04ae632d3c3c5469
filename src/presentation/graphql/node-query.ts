import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'
import { DomainError } from '../../domain/errors.ts'
import { parseStream, streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { Node, type Typed, UUID } from './node.ts'
import { deliveryId } from './webhook-delivery.ts'
import { loadWebhook } from './webhook.ts'

interface Kind {
  readonly type: string
  /** The id that these parts make: one that is written otherwise is none. */
  id(...parts: readonly string[]): string
  load(context: Context, ...parts: readonly string[]): object | undefined | Promise<object | undefined>
}

/** Ids are names of streams, but for an event's, which is its UUID, and a delivery's. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['product', { type: 'Product', id: (sku = '') => streamName.product(sku), load: ({ products }, sku = '') => products.load(sku) }],
  ['location', { type: 'Location', id: (code = '') => streamName.location(code), load: ({ locations }, code = '') => locations.load(code) }],
  ['stock', {
    type: 'StockLevel',
    id: (sku = '', location = '') => streamName.stock(sku, location),
    load: ({ stockLevels }, sku = '', location = '') => stockLevels.load({ sku, location }),
  }],
  ['reservation', {
    type: 'Reservation',
    id: (id = '') => streamName.reservation(id),
    load: async ({ inventory }, id = '') => (await inventory.queries.reservations([id])).value[0],
  }],
  ['transfer', {
    type: 'Transfer',
    id: (id = '') => streamName.transfer(id),
    load: async ({ inventory }, id = '') => (await inventory.queries.transfers([id])).value[0],
  }],
  ['webhook', { type: 'Webhook', id: (id = '') => streamName.webhook(id), load: (context, id = '') => loadWebhook(context, id) }],
  ['delivery', {
    type: 'WebhookDelivery',
    id: (webhookId = '', eventId = '') => deliveryId(webhookId, eventId),
    load: ({ inventory }, webhookId = '', eventId = '') => Promise.resolve(inventory.deliveries.delivery(webhookId, eventId)),
  }],
])

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Anything by its id; null where there is nothing of this id.' })
  async node(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Typed | undefined> {
    if (UUID.test(id)) return typed('Event', await context.inventory.events.event(id))
    const named = parsed(id)
    return named && typed(named.kind.type, await named.kind.load(context, ...named.parts))
  }
}

const typed = (type: string, found: object | undefined): Typed | undefined => found && { ...found, __typename: type }

function parsed(id: string): { readonly kind: Kind; readonly parts: readonly string[] } | undefined {
  try {
    const { kind: name, parts } = parseStream(id)
    const kind = KINDS.get(name)
    return kind?.id(...parts) === id ? { kind, parts } : undefined
  } catch (error) {
    if (error instanceof URIError || error instanceof DomainError) return undefined
    throw error
  }
}
