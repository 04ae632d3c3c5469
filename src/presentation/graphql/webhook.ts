import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql'
import type { WebhookView } from '../../application/views.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { Node } from './node.ts'
import { DateTime } from './scalars.ts'

@ObjectType('Webhook', { implements: Node, description: 'An endpoint that is told of events as they are recorded, in the order of the log, each at least once.' })
export class Webhook implements Pick<WebhookView, 'url' | 'eventTypes' | 'isEnabled' | 'createdAt' | 'version'> {
  @Field(() => String) url!: string
  @Field(() => [String], { description: 'Names of event types, or "*" for all.' }) eventTypes!: readonly string[]
  @Field(() => Boolean, { description: 'While it is not, events wait; an endpoint that answers 410 is disabled.' }) isEnabled!: boolean
  @Field(() => DateTime) createdAt!: number
  @Field(() => Int, { description: 'Grows by one with each event of this webhook; hand it to expectedVersion.' }) version!: number
}

@Resolver(() => Webhook)
export class WebhookResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: WebhookView): string {
    return streamName.webhook(id)
  }

  @Query(() => [Webhook], { description: 'In the order of registration.' })
  async webhooks(@Ctx() { inventory }: Context): Promise<WebhookView[]> {
    return [...(await inventory.queries.webhooks()).value]
  }
}

/** Of one that was not removed. */
export async function loadWebhook({ inventory }: Context, id: string): Promise<WebhookView | undefined> {
  const { value: [found] } = await inventory.queries.webhooksById([id])
  return found?.isRemoved === false ? found : undefined
}
