import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { LocationView, ProductView, TotalsView } from '../../application/views.ts'
import type { Context } from './context.ts'
import { Location } from './location.ts'
import { PAGE_ITEMS, pageRequest } from './page.ts'
import { Product } from './product.ts'
import { Quantities, StockLevelConnection, toStockConnection } from './stock-level.ts'

/** The stock of a product. Totals take one read for all products of an answer, stockLevels one read a product. */
@Resolver(() => Product)
export class ProductStockResolver {
  @FieldResolver(() => Quantities, { description: 'Summed over every location.' })
  async totals(@Root() { sku }: ProductView, @Ctx() { totals }: Context): Promise<TotalsView> {
    return totals.load(sku)
  }

  @FieldResolver(() => StockLevelConnection)
  async stockLevels(
    @Root() { sku }: ProductView,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const query = { ...pageRequest(first, after), skus: [sku], orderBy: 'LOCATION', direction: 'ASC' } as const
    return toStockConnection(await inventory.queries.stockPage(query))
  }
}

/** The stock of a location. Totals take one read for all locations of an answer, stockLevels one read a location. */
@Resolver(() => Location)
export class LocationStockResolver {
  @FieldResolver(() => Quantities, { description: 'Summed over every product.' })
  async totals(@Root() { code }: LocationView, @Ctx() { locationTotals }: Context): Promise<TotalsView> {
    return locationTotals.load(code)
  }

  @FieldResolver(() => StockLevelConnection)
  async stockLevels(
    @Root() { code }: LocationView,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const query = { ...pageRequest(first, after), locations: [code], orderBy: 'SKU', direction: 'ASC' } as const
    return toStockConnection(await inventory.queries.stockPage(query))
  }
}
