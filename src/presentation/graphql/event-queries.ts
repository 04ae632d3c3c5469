import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql'
import type { EventFilter as EventQuery, EventRange, RecordedEvent } from '../../application/ports.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context, ShownStockLevel } from './context.ts'
import { encodeCursor, positionOf } from './cursor.ts'
import { Event, EventFilter, eventQuery } from './event.ts'
import { badPage, edgeOf, type EdgeShape, PAGE_ITEMS, pageItems, PageInfo } from './page.ts'
import { Cursor, DateTime } from './scalars.ts'
import { StockLevel } from './stock-level.ts'

const EventEdge = edgeOf('Event', Event)

@ObjectType()
export class EventConnection {
  @Field(() => [EventEdge]) edges!: EdgeShape<RecordedEvent>[]
  @Field(() => [Event]) nodes!: RecordedEvent[]
  @Field(() => PageInfo) pageInfo!: PageInfo
}

@Resolver()
export class EventQueryResolver {
  @Query(() => EventConnection, { description: 'The audit trail, oldest first; last and before read it from its end. Pages hold 50 events unless told, and 200 at the most.' })
  async events(
    @Arg('filter', () => EventFilter, { nullable: true }) filter: EventFilter | null,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Arg('last', () => Int, { nullable: true }) last: number | null,
    @Arg('before', () => Cursor, { nullable: true }) before: string | null,
    @Ctx() context: Context,
  ): Promise<EventConnection> {
    if (first != null && last != null) throw badPage('first and last are for opposite ends: give one of them.')
    const bounds = between(positionOf(context, after), positionOf(context, before))
    const range = last == null ? { first: pageItems(first), ...bounds } : { last: pageItems(last, 'last'), ...bounds }
    return eventConnection(context, eventQuery(filter), range)
  }
}

@Resolver(() => StockLevel)
export class StockHistoryResolver {
  /** One read a stock level. */
  @FieldResolver(() => EventConnection, {
    description: `Its events in the order of recording; from, inclusive, and to, exclusive, are moments of business time (occurredAt).
Of a past stock level, those that it is made of.`,
  })
  async history(
    @Root() { sku, location, moment = {} }: ShownStockLevel,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('from', () => DateTime, { nullable: true }) from: number | null,
    @Arg('to', () => DateTime, { nullable: true }) to: number | null,
    @Ctx() context: Context,
  ): Promise<EventConnection> {
    const { asOf, knownAt } = moment
    const filter = {
      streams: [streamName.stock(sku, location)],
      ...(from != null && { occurredFrom: from }),
      ...((to != null || asOf !== undefined) && { occurredTo: Math.min(to ?? Infinity, (asOf ?? Infinity) + 1) }),
      ...(knownAt !== undefined && { recordedTo: knownAt + 1 }),
    }
    return eventConnection(context, filter, { first: pageItems(first), ...between(positionOf(context, after), undefined) })
  }
}

const between = (after: number | undefined, before: number | undefined) =>
  ({ ...(after !== undefined && { after }), ...(before !== undefined && { before }) })

async function eventConnection(context: Context, filter: EventQuery, range: EventRange): Promise<EventConnection> {
  const { events: log } = context.inventory
  const [{ events, hasMore }, isBehind] = await Promise.all([log.find(filter, range), hasBehind(context, filter, range)])
  const { logId } = context.inventory.status()
  const edges = events.map((node) => ({ cursor: encodeCursor(logId, node.position), node }))
  return {
    edges,
    nodes: [...events],
    pageInfo: {
      hasNextPage: 'first' in range ? hasMore : isBehind,
      hasPreviousPage: 'first' in range ? isBehind : hasMore,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** Whether there is anything where the reading came from: up to `after` read forwards, from `before` on read backwards. */
async function hasBehind({ inventory }: Context, filter: EventQuery, range: EventRange): Promise<boolean> {
  const { after, before } = range
  if ('first' in range) return after !== undefined && (await inventory.events.find(filter, { last: 1, before: after + 1 })).events.length > 0
  return before !== undefined && (await inventory.events.find(filter, { first: 1, after: before - 1 })).events.length > 0
}
