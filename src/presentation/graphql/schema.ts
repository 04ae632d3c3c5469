import { assertInterfaceType, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchema } from 'type-graphql'
import { AvailabilityResolver } from './availability.ts'
import { compileResolvers } from './compiled/resolvers.ts'
import { EventQueryResolver, StockHistoryResolver } from './event-queries.ts'
import { EventResolver } from './event.ts'
import { LocationStockResolver, ProductStockResolver } from './holdings.ts'
import { LocationCommandResolver } from './location-commands.ts'
import { LocationResolver } from './location.ts'
import { LowStockResolver } from './low-stock.ts'
import { MeResolver } from './me.ts'
import { MovementResolver } from './movements.ts'
import { NodeResolver } from './node-query.ts'
import type { Typed } from './node.ts'
import { ProductCommandResolver } from './product-commands.ts'
import { ProductResolver } from './product.ts'
import { ReservationChangeResolver } from './reservation-changes.ts'
import { ReservationCommandResolver } from './reservation-commands.ts'
import { ReservationResolver } from './reservation.ts'
import { StockCommandResolver } from './stock-commands.ts'
import { StockLevelConnectionResolver, StockLevelResolver } from './stock-level.ts'
import { SubscriptionResolver } from './subscriptions.ts'
import { SystemResolver } from './system.ts'
import { TransferCommandResolver } from './transfer-commands.ts'
import { TransferResolver } from './transfer.ts'
import { WebhookCommandResolver } from './webhook-commands.ts'
import { WebhookDeliveryResolver } from './webhook-delivery.ts'
import { WebhookResolver } from './webhook.ts'

const RESOLVERS = [
  NodeResolver, MeResolver, SystemResolver,
  ProductResolver, ProductStockResolver, ProductCommandResolver,
  LocationResolver, LocationStockResolver, LocationCommandResolver,
  StockLevelResolver, StockLevelConnectionResolver, StockHistoryResolver, StockCommandResolver, MovementResolver,
  ReservationResolver, ReservationCommandResolver, AvailabilityResolver, TransferResolver, TransferCommandResolver,
  EventResolver, EventQueryResolver, SubscriptionResolver, LowStockResolver, ReservationChangeResolver,
  WebhookResolver, WebhookDeliveryResolver, WebhookCommandResolver,
] as const

export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: RESOLVERS,
    orphanedTypes: [],
    pubSub: NO_TOPICS,
    // It asks the whole schema for itself. A test looks for what is wrong, and Apollo Server at each start.
    skipCheck: true,
    // An input without a rule of its own is a mistake; what is absent or null is the type's concern.
    validate: { forbidUnknownValues: true, skipMissingProperties: true, validationError: { target: false, value: false } },
  })
  // type-graphql makes it asynchronous, which a compiled document does not wait for.
  assertInterfaceType(schema.getType('Node')).resolveType = ({ __typename }: Typed) => __typename
  compileResolvers(schema, RESOLVERS)
  return schema
}

/** Asked for, and not used: subscriptions follow the log. */
const NO_TOPICS = {
  publish: () => undefined,
  subscribe: () => { throw new Error('Subscriptions follow the log, not topics.') },
}

/** The schema as schema/schema.graphql holds it. */
export const printed = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`
