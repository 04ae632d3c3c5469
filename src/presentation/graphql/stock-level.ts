import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { Moment, StockLevelKey, StockQuery } from '../../application/read-model.ts'
import type { Page, StockLevelView, TotalsView } from '../../application/views.ts'
import { available, availableToPromise, isLow, type Quantities as DomainQuantities } from '../../domain/stock-level.ts'
import { streamName } from '../../domain/streams.ts'
import { ArrayMaxSize, MaxLength } from 'class-validator'
import { type Context, type Shown, shown, type ShownStockLevel } from './context.ts'
import { reached } from './cursor.ts'
import { enumOf } from './enums.ts'
import { Location } from './location.ts'
import { momentOf, placeOf } from './moment.ts'
import { Node } from './node.ts'
import { connectionOf, type ConnectionShape, DIRECT, FILTER_VALUES_MAX, PAGE_ITEMS, pageRequest, SEARCH_CHARACTERS_MAX, toConnection, withoutNulls } from './page.ts'
import { Product } from './product.ts'
import { Cursor, DateTime, SafeInt } from './scalars.ts'
import { AGE, STALE } from './staleness.ts'

const StockOrder = enumOf('SKU', 'LOCATION', 'ON_HAND', 'AVAILABLE', 'UPDATED_AT')
const Direction = enumOf('ASC', 'DESC')
registerEnumType(StockOrder, { name: 'StockOrder' })
registerEnumType(Direction, { name: 'Direction' })

@ObjectType(DIRECT)
export class Quantities implements TotalsView {
  @Field(() => SafeInt, { description: 'Units physically at the location. Negative only where the stock policy allows it.' }) onHand!: number
  @Field(() => SafeInt, { description: 'Part of onHand promised to open reservations.' }) reserved!: number
  @Field(() => SafeInt, { description: 'Part of onHand set aside: damaged, in quality control, recalled.' }) unavailable!: number
  @Field(() => SafeInt, { description: 'onHand - reserved - unavailable.' }) available!: number
  @Field(() => SafeInt, { description: 'Dispatched to this location and not yet received.' }) incoming!: number
  @Field(() => SafeInt, { description: 'Kept back from promises.' }) safetyStock!: number
  @Field(() => SafeInt, { description: 'max(0, available - safetyStock + backorderLimit): what a new reservation may take. Sums add it up location by location.' })
  availableToPromise!: number
}

@ObjectType({ ...DIRECT, implements: Node, description: 'The stock of one product at one location.' })
export class StockLevel {
  @Field(() => SafeInt, { nullable: true }) reorderPoint!: number | null
  @Field(() => SafeInt, { nullable: true }) reorderQuantity!: number | null
  @Field(() => SafeInt, { description: 'How far promises may go beyond what is there.' }) backorderLimit!: number
  @Field(() => Boolean, { description: 'Facts that have already happened in the shop, such as a sale, may take onHand below zero.' }) allowNegative!: boolean
  @Field(() => Int, { description: 'Grows by one with each event of this stock level; hand it to expectedVersion.' }) version!: number
  @Field(() => DateTime) updatedAt!: number
  @Field(() => Boolean, { description: STALE }) stale!: boolean
  @Field(() => SafeInt, { nullable: true, description: AGE }) ageMs?: number
}

export const StockLevelConnection = connectionOf('StockLevel', StockLevel)

@InputType({ description: `All that is given must hold; null is not given. Lists may hold ${FILTER_VALUES_MAX} values.` })
export class StockFilter {
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) skus?: string[] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) locations?: string[] | null
  @Field(() => String, { nullable: true, description: 'Matches the start of a SKU, or any word of the product\'s name, whatever its case.' })
  @MaxLength(SEARCH_CHARACTERS_MAX)
  search?: string | null
  @Field(() => Boolean, { nullable: true }) onlyLow?: boolean | null
  @Field(() => Boolean, { nullable: true }) onlyAvailable?: boolean | null
  @Field(() => SafeInt, { nullable: true }) minAvailable?: number | null
  @Field(() => SafeInt, { nullable: true }) maxAvailable?: number | null
}

const PAST = `The stock now or, with asOf, at that moment of business time (occurredAt); knownAt also leaves out
what the log took in after it, so a past answer can be had again as it was given. A moment that is yet to come shows what
there is by now: clocks differ. Products and locations are shown as they are now.`

type StockConnection = ConnectionShape<ShownStockLevel> & Shown

/** A page of stock levels, each with the place and moment that the page shows. */
export function toStockConnection(page: Page<StockLevelView>, moment?: Moment): StockConnection {
  const { position, stale, ageMs } = page
  const place = { position, stale, ...(ageMs !== undefined && { ageMs }), moment }
  return Object.assign(toConnection(page, (level) => shown(level, place)), place)
}

@Resolver(() => StockLevel)
export class StockLevelResolver {
  @FieldResolver(() => ID)
  id(@Root() { sku, location }: StockLevelView): string {
    return streamName.stock(sku, location)
  }

  @FieldResolver(() => Product)
  product(@Root() { sku }: StockLevelView, @Ctx() { products }: Context) {
    return products.load(sku)
  }

  @FieldResolver(() => Location)
  location(@Root() { location }: StockLevelView, @Ctx() { locations }: Context) {
    return locations.load(location)
  }

  @FieldResolver(() => Quantities)
  quantities(@Root() level: StockLevelView): Quantities {
    const { onHand, reserved, unavailable, incoming, safetyStock } = level
    const state = level as StockLevelView & DomainQuantities
    return { onHand, reserved, unavailable, incoming, safetyStock, available: available(state), availableToPromise: availableToPromise(state) }
  }

  @FieldResolver(() => Boolean, { description: 'available is at or under reorderPoint.' })
  isLow(@Root() level: StockLevelView): boolean {
    return isLow(level as StockLevelView & DomainQuantities)
  }

  @FieldResolver(() => Cursor, { description: 'The event log\'s place that this answer shows.' })
  cursor(@Root() level: ShownStockLevel, @Ctx() context: Context): string | Promise<string> {
    return placeOf(level, context)
  }

  @Query(() => StockLevel, { nullable: true, description: `${PAST} Null where nothing had ever happened to it.` })
  stockLevel(
    @Arg('sku', () => String) sku: string,
    @Arg('location', () => String) location: string,
    @Arg('asOf', () => DateTime, { nullable: true }) asOf: number | null,
    @Arg('knownAt', () => DateTime, { nullable: true }) knownAt: number | null,
    @Arg('atLeast', () => Cursor, { nullable: true }) atLeast: string | null,
    @Ctx() context: Context,
  ): ShownStockLevel | undefined | Promise<ShownStockLevel | undefined> {
    const moment = momentOf(asOf, knownAt)
    const found = () => (moment ? pastLevel(context, { sku, location }, moment) : context.stockLevels.load({ sku, location }))
    return atLeast == null ? found() : reached(context, atLeast).then(found)
  }

  @Query(() => StockLevelConnection, { description: `${PAST} Filters and orders look at the quantities of the moment.` })
  async stockLevels(
    @Arg('filter', () => StockFilter, { nullable: true }) filter: StockFilter | null,
    @Arg('orderBy', () => StockOrder, { nullable: true, defaultValue: StockOrder.SKU }) orderBy: StockQuery['orderBy'] | null,
    @Arg('direction', () => Direction, { nullable: true, defaultValue: Direction.ASC }) direction: StockQuery['direction'] | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('asOf', () => DateTime, { nullable: true }) asOf: number | null,
    @Arg('knownAt', () => DateTime, { nullable: true }) knownAt: number | null,
    @Arg('atLeast', () => Cursor, { nullable: true }) atLeast: string | null,
    @Ctx() context: Context,
  ) {
    const query = { ...pageRequest(first, after), ...withoutNulls(filter), orderBy: orderBy ?? StockOrder.SKU, direction: direction ?? Direction.ASC }
    const moment = momentOf(asOf, knownAt)
    await reached(context, atLeast)
    return toStockConnection(await context.inventory.queries.stockPage({ ...query, ...(moment && { moment }) }), moment)
  }
}

async function pastLevel({ inventory }: Context, key: StockLevelKey, moment: Moment): Promise<ShownStockLevel | undefined> {
  const { value: [level], ...at } = await inventory.queries.stockLevelsAt([key], moment)
  return level && shown(level, { ...at, moment })
}

@Resolver(() => StockLevelConnection)
export class StockLevelConnectionResolver {
  @FieldResolver(() => Boolean, { description: STALE })
  stale(@Root() page: StockConnection): boolean {
    return page.stale
  }

  @FieldResolver(() => SafeInt, { nullable: true, description: AGE })
  ageMs(@Root() page: StockConnection): number | undefined {
    return page.ageMs
  }

  @FieldResolver(() => Cursor, {
    description: 'The event log\'s place that this page shows: subscribe to stockChanged with `after` it, and nothing is missed.',
  })
  cursor(@Root() page: StockConnection, @Ctx() context: Context): string | Promise<string> {
    return placeOf(page, context)
  }
}
