import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { DeliveryView } from '../../application/views.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { Event } from './event.ts'
import { uuidOf } from './lines.ts'
import { Node } from './node.ts'
import { connectionOf, PAGE_ITEMS, pageRequest, toConnection } from './page.ts'
import { DateTime } from './scalars.ts'

const DeliveryStatus = enumOf('PENDING', 'DELIVERED', 'FAILED')
registerEnumType(DeliveryStatus, {
  name: 'DeliveryStatus',
  valuesConfig: {
    PENDING: { description: 'Is next, waits for those before it, or is tried again at nextAttemptAt.' },
    DELIVERED: { description: 'The endpoint answered 2xx.' },
    FAILED: { description: 'Given up after the endpoint had failed for three days, or failed when it was redelivered.' },
  },
})

@ObjectType({ implements: Node, description: 'One event on its way to one endpoint.' })
export class WebhookDelivery implements Pick<DeliveryView, 'status' | 'attempts' | 'lastStatusCode' | 'lastError' | 'nextAttemptAt'> {
  @Field(() => DeliveryStatus) status!: DeliveryView['status']
  @Field(() => Int) attempts!: number
  @Field(() => Int, { nullable: true, description: 'Null where no answer came.' }) lastStatusCode!: number | null
  @Field(() => String, { nullable: true }) lastError!: string | null
  @Field(() => DateTime, { nullable: true }) nextAttemptAt!: number | null
}

export const WebhookDeliveryConnection = connectionOf('WebhookDelivery', WebhookDelivery)

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver(() => ID)
  id(@Root() { webhookId, eventId }: DeliveryView): string {
    return deliveryId(webhookId, eventId)
  }

  @FieldResolver(() => ID)
  webhookId(@Root() { webhookId }: DeliveryView): string {
    return streamName.webhook(webhookId)
  }

  @FieldResolver(() => Event)
  async event(@Root() { eventId }: DeliveryView, @Ctx() { inventory }: Context) {
    return inventory.events.event(eventId)
  }

  @Query(() => WebhookDeliveryConnection, { description: 'In the order of the log: what was delivered lately, and what waits.' })
  async webhookDeliveries(
    @Arg('webhookId', () => ID) webhookId: string,
    @Arg('statuses', () => [DeliveryStatus], { nullable: true }) statuses: DeliveryView['status'][] | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.deliveries.page({ ...pageRequest(first, after), webhookId: uuidOf('webhook', webhookId), ...(statuses && { statuses }) })
    return toConnection({ ...page, position: inventory.status().projected, stale: false })
  }
}

export const deliveryId = (webhookId: string, eventId: string): string => `delivery:${webhookId}@${eventId}`

/** What an id of a delivery names; of any other id, what no delivery is named by. */
export function deliveryOf(id: string): { readonly webhookId: string; readonly eventId: string } {
  const [, webhookId = '', eventId = ''] = /^delivery:([^@]*)@(.*)$/s.exec(id) ?? []
  return { webhookId, eventId }
}
