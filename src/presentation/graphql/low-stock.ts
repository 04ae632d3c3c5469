import { ArrayMaxSize } from 'class-validator'
import { Args, ArgsType, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql'
import type { StockChange } from '../../application/changes.ts'
import { isLow, type Quantities } from '../../domain/stock-level.ts'
import { type Context, shown, type ShownStockLevel } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { FILTER_VALUES_MAX, withoutNulls } from './page.ts'
import { Cursor, DateTime } from './scalars.ts'
import { StockLevel } from './stock-level.ts'
import { checked, GO_ON, RESUMABLE, startOf, type Subscribing } from './subscribing.ts'

@ObjectType({ description: 'A stock level has crossed its reorder point, by its quantities or by a policy that moves the reorder point.' })
export class LowStockAlert {
  @Field(() => Cursor, { description: GO_ON }) cursor!: string
  @Field(() => StockLevel, { description: 'As it was right after the crossing.' }) stockLevel!: ShownStockLevel
  @Field(() => Boolean, { description: 'True where it fell to the reorder point or under it, false where it rose above it again.' }) isLow!: boolean
  @Field(() => DateTime, { description: 'When it happened in the shop.' }) occurredAt!: number
}

@ArgsType()
class LowStockArgs {
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) locations?: string[] | null
  @Field(() => Cursor, { nullable: true }) after?: string | null
}

async function follow({ args, context }: Subscribing<LowStockArgs>) {
  const { after, ...filter } = checked(LowStockArgs, args)
  return context.inventory.changes.lowStock(withoutNulls(filter), await startOf(context, after), context.onSlow)
}

@Resolver()
export class LowStockResolver {
  @Subscription(() => LowStockAlert, { description: `Once a crossing. ${RESUMABLE} All locations, unless told; none of an empty list.`, subscribe: follow })
  lowStock(
    @Args(() => LowStockArgs, { validate: false }) _args: LowStockArgs,
    @Root() { position, event, after }: StockChange,
    @Ctx() { inventory }: Context,
  ): LowStockAlert {
    return {
      cursor: encodeCursor(inventory.status().logId, position),
      stockLevel: shown(after, { position, stale: false }),
      isLow: isLow(after as typeof after & Quantities),
      occurredAt: event.occurredAt,
    }
  }
}
