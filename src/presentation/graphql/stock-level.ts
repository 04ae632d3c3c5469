import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { StockQuery } from '../../application/read-model.ts'
import type { StockLevelView, TotalsView } from '../../application/views.ts'
import { available, availableToPromise, isLow, type Quantities as DomainQuantities } from '../../domain/stock-level.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { Location } from './location.ts'
import { Node } from './node.ts'
import { connectionOf, type ConnectionShape, pageRequest, toConnection } from './page.ts'
import { Product } from './product.ts'
import { Cursor, DateTime, SafeInt } from './scalars.ts'

enum StockOrder { SKU = 'SKU', LOCATION = 'LOCATION', ON_HAND = 'ON_HAND', AVAILABLE = 'AVAILABLE', UPDATED_AT = 'UPDATED_AT' }
enum Direction { ASC = 'ASC', DESC = 'DESC' }
registerEnumType(StockOrder, { name: 'StockOrder' })
registerEnumType(Direction, { name: 'Direction' })

@ObjectType()
export class Quantities implements TotalsView {
  @Field(() => SafeInt, { description: 'Units physically at the location. Negative only where the stock policy allows it.' }) onHand!: number
  @Field(() => SafeInt, { description: 'Part of onHand promised to open reservations.' }) reserved!: number
  @Field(() => SafeInt, { description: 'Part of onHand set aside: damaged, in quality control, recalled.' }) unavailable!: number
  @Field(() => SafeInt, { description: 'onHand - reserved - unavailable.' }) available!: number
  @Field(() => SafeInt, { description: 'Dispatched to this location and not yet received.' }) incoming!: number
  @Field(() => SafeInt, { description: 'Kept back from promises.' }) safetyStock!: number
  @Field(() => SafeInt, { description: 'max(0, available - safetyStock + backorderLimit). Sums add it up location by location.' }) availableToPromise!: number
}

@ObjectType({ implements: Node, description: 'The stock of one product at one location.' })
export class StockLevel {
  @Field(() => SafeInt, { nullable: true }) reorderPoint!: number | null
  @Field(() => SafeInt, { nullable: true }) reorderQuantity!: number | null
  @Field(() => SafeInt, { description: 'How far promises may go beyond what is there.' }) backorderLimit!: number
  @Field(() => Boolean, { description: 'Facts that have already happened in the shop may take onHand below zero.' }) allowNegative!: boolean
  @Field(() => Int, { description: 'Grows by one with each event of this stock level; hand it to expectedVersion.' }) version!: number
  @Field(() => DateTime) updatedAt!: number
}

export const StockLevelConnection = connectionOf('StockLevel', StockLevel)

@InputType()
export class StockFilter {
  @Field(() => [String], { nullable: true }) skus?: string[] | null
  @Field(() => [String], { nullable: true }) locations?: string[] | null
  @Field(() => String, { nullable: true, description: 'Matches the start of a SKU, or any word of the product\'s name, whatever its case.' }) search?: string | null
  @Field(() => Boolean, { nullable: true }) onlyLow?: boolean | null
  @Field(() => Boolean, { nullable: true }) onlyAvailable?: boolean | null
  @Field(() => SafeInt, { nullable: true }) minAvailable?: number | null
  @Field(() => SafeInt, { nullable: true }) maxAvailable?: number | null
}

const withoutNulls = (filter: StockFilter | null): Partial<StockQuery> =>
  Object.fromEntries(Object.entries(filter ?? {}).filter(([, value]) => value !== null))

@Resolver(() => StockLevel)
export class StockLevelResolver {
  @FieldResolver(() => ID)
  id(@Root() { sku, location }: StockLevelView): string {
    return streamName.stock(sku, location)
  }

  @FieldResolver(() => Product)
  async product(@Root() { sku }: StockLevelView, @Ctx() { products }: Context) {
    return products.load(sku)
  }

  @FieldResolver(() => Location)
  async location(@Root() { location }: StockLevelView, @Ctx() { locations }: Context) {
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

  @Query(() => StockLevel, { nullable: true })
  async stockLevel(
    @Arg('sku', () => String) sku: string,
    @Arg('location', () => String) location: string,
    @Arg('atLeast', () => Cursor, { nullable: true }) atLeast: string | null,
    @Ctx() { inventory }: Context,
  ): Promise<StockLevelView | undefined> {
    if (atLeast != null) decodeCursor(inventory.status().logId, atLeast)
    const { value: [level] } = await inventory.queries.stockLevels([{ sku, location }])
    return level
  }

  @Query(() => StockLevelConnection)
  async stockLevels(
    @Arg('filter', () => StockFilter, { nullable: true }) filter: StockFilter | null,
    @Arg('orderBy', () => StockOrder, { nullable: true, defaultValue: StockOrder.SKU }) orderBy: StockOrder,
    @Arg('direction', () => Direction, { nullable: true, defaultValue: Direction.ASC }) direction: Direction,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.queries.stockPage({ ...pageRequest(first, after), ...withoutNulls(filter), orderBy, direction })
    return toConnection(page)
  }
}

@Resolver(() => StockLevelConnection)
export class StockLevelConnectionResolver {
  @FieldResolver(() => Cursor, { description: 'The event log\'s place that this page shows.' })
  cursor(@Root() { position }: ConnectionShape<StockLevelView>, @Ctx() { inventory }: Context): string {
    return encodeCursor(inventory.status().logId, position)
  }
}
