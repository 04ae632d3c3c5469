import { ArrayMaxSize } from 'class-validator'
import { Arg, Args, ArgsType, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql'
import type { StockChange as StockChanged } from '../../application/changes.ts'
import type { RecordedEvent } from '../../application/ports.ts'
import type { StockLevelView } from '../../application/views.ts'
import { available, type Quantities } from '../../domain/stock-level.ts'
import { type Context, shown, type ShownStockLevel } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { Event, EventFilter, eventQuery } from './event.ts'
import { FILTER_VALUES_MAX, withoutNulls } from './page.ts'
import { Cursor, SafeInt } from './scalars.ts'
import { StockLevel } from './stock-level.ts'
import { checked, GO_ON, RESUMABLE, startOf, type Subscribing } from './subscribing.ts'

@ObjectType({ description: 'One change of one stock level.' })
export class StockChange {
  @Field(() => Cursor, { description: GO_ON }) cursor!: string
  @Field(() => Event) event!: RecordedEvent
  @Field(() => StockLevel, { description: 'As it was right after the event.' }) stockLevel!: ShownStockLevel
  @Field(() => SafeInt, { description: 'onHand after minus onHand before, and so on.' }) onHandDelta!: number
  @Field(() => SafeInt) reservedDelta!: number
  @Field(() => SafeInt) availableDelta!: number
}

@ArgsType()
class StockChangedArgs {
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) skus?: string[] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) locations?: string[] | null
  @Field(() => Cursor, { nullable: true }) after?: string | null
}

interface EventsArgs { readonly filter?: EventFilter | null; readonly after?: string | null }

async function followStock({ args, context }: Subscribing<StockChangedArgs>) {
  const { after, ...filter } = checked(StockChangedArgs, args)
  return context.inventory.changes.stock(withoutNulls(filter), await startOf(context, after), context.onSlow)
}

async function followEvents({ args: { filter, after }, context }: Subscribing<EventsArgs>) {
  return context.inventory.changes.events(eventQuery(checked(EventFilter, filter)), await startOf(context, after), context.onSlow)
}

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => StockChange, { description: `${RESUMABLE} All SKUs and locations, unless told; none of an empty list.`, subscribe: followStock })
  stockChanged(
    @Args(() => StockChangedArgs, { validate: false }) _args: StockChangedArgs,
    @Root() { position, event, before, after }: StockChanged,
    @Ctx() { inventory }: Context,
  ): StockChange {
    return {
      cursor: encodeCursor(inventory.status().logId, position),
      event,
      stockLevel: shown(after, { position, stale: false }),
      onHandDelta: after.onHand - (before?.onHand ?? 0),
      reservedDelta: after.reserved - (before?.reserved ?? 0),
      availableDelta: availableOf(after) - (before ? availableOf(before) : 0),
    }
  }

  @Subscription(() => Event, { description: RESUMABLE, subscribe: followEvents })
  events(
    @Arg('filter', () => EventFilter, { nullable: true, validate: false }) _filter: EventFilter | null,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: RecordedEvent,
  ): RecordedEvent {
    return event
  }
}

const availableOf = (level: StockLevelView): number => available(level as StockLevelView & Quantities)
