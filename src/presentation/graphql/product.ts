import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { ProductView } from '../../application/views.ts'
import type { JsonObject, Unit as UnitName } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { connectionOf, DIRECT, PAGE_ITEMS, pageRequest, toConnection } from './page.ts'
import { DateTime, JSONObject } from './scalars.ts'

export const Unit = enumOf('EACH', 'GRAM', 'MILLILITRE', 'MILLIMETRE')
const ProductStatus = enumOf('ACTIVE', 'DISCONTINUED')
registerEnumType(Unit, { name: 'Unit' })
registerEnumType(ProductStatus, { name: 'ProductStatus' })

@ObjectType({ ...DIRECT, implements: Node })
export class Product implements ProductView {
  @Field(() => String, { description: 'Unique, case-sensitive, 1 to 64 printable characters, no space at either end.' }) sku!: string
  @Field(() => String) name!: string
  @Field(() => String, { nullable: true, description: 'GTIN-8, -12, -13 or -14, check digit verified.' }) barcode!: string | null
  @Field(() => Unit) unit!: UnitName
  @Field(() => JSONObject) attributes!: JsonObject
  @Field(() => ProductStatus) status!: ProductView['status']
  @Field(() => Int) version!: number
  @Field(() => DateTime) registeredAt!: number
  @Field(() => DateTime) updatedAt!: number
}

export const ProductConnection = connectionOf('Product', Product)

@Resolver(() => Product)
export class ProductResolver {
  @FieldResolver(() => ID)
  id(@Root() product: Product): string {
    return streamName.product(product.sku)
  }

  @Query(() => Product, { nullable: true })
  async product(@Arg('sku', () => String) sku: string, @Ctx() { products }: Context): Promise<ProductView | undefined> {
    return products.load(sku)
  }

  @Query(() => ProductConnection)
  async products(
    @Arg('search', () => String, { nullable: true }) search: string | null,
    @Arg('statuses', () => [ProductStatus], { nullable: true }) statuses: ProductView['status'][] | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.queries.productPage({ ...pageRequest(first, after), ...(search != null && { search }), ...(statuses && { statuses }) })
    return toConnection(page)
  }
}
