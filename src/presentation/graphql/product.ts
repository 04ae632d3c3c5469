import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { ProductView } from '../../application/views.ts'
import type { JsonObject, Unit as UnitName } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { Node } from './node.ts'
import { connectionOf, pageRequest, toConnection } from './page.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { DateTime, JSONObject } from './scalars.ts'

enum Unit { EACH = 'EACH', GRAM = 'GRAM', MILLILITRE = 'MILLILITRE', MILLIMETRE = 'MILLIMETRE' }
enum ProductStatus { ACTIVE = 'ACTIVE', DISCONTINUED = 'DISCONTINUED' }
registerEnumType(Unit, { name: 'Unit' })
registerEnumType(ProductStatus, { name: 'ProductStatus' })

@ObjectType({ implements: Node })
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

@ObjectType({ implements: CommandPayload })
export class ProductPayload extends CommandPayload {
  @Field(() => Product, { nullable: true }) product?: Product | null
}

@InputType()
export class RegisterProductInput {
  @Field(() => String) sku!: string
  @Field(() => String) name!: string
  @Field(() => String, { nullable: true }) barcode?: string | null
  @Field(() => Unit, { nullable: true, defaultValue: Unit.EACH }) unit?: UnitName | null
  @Field(() => JSONObject, { nullable: true }) attributes?: JsonObject | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

@InputType()
export class UpdateProductInput {
  @Field(() => String) sku!: string
  @Field(() => String, { nullable: true }) name?: string | null
  @Field(() => String, { nullable: true }) barcode?: string | null
  @Field(() => JSONObject, { nullable: true }) attributes?: JsonObject | null
  @Field(() => Int, { nullable: true }) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

@InputType()
export class DiscontinueProductInput {
  @Field(() => String) sku!: string
  @Field(() => Int, { nullable: true }) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

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
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.queries.productPage({ ...pageRequest(first, after), ...(search != null && { search }), ...(statuses && { statuses }) })
    return toConnection(page)
  }

  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async registerProduct(@Arg('input', () => RegisterProductInput) input: RegisterProductInput, @Ctx() context: Context) {
    const { sku, name, barcode = null, unit, attributes, idempotencyKey } = input
    const command = { sku, name, barcode, unit: unit ?? 'EACH', attributes: attributes ?? {}, idempotencyKey: idempotencyKey ?? undefined }
    const answer = await context.inventory.commands.registerProduct(command, context.caller)
    return { ...answered(answer, context), product: answer.result }
  }

  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async updateProduct(@Arg('input', () => UpdateProductInput) input: UpdateProductInput, @Ctx() context: Context) {
    const { sku, name, barcode, attributes, expectedVersion, idempotencyKey } = input
    const answer = await context.inventory.commands.updateProduct({
      sku,
      ...(name != null && { name }),
      ...(barcode !== undefined && { barcode }),
      ...(attributes != null && { attributes }),
      expectedVersion: expectedVersion ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }, context.caller)
    return { ...answered(answer, context), product: answer.result }
  }

  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async discontinueProduct(@Arg('input', () => DiscontinueProductInput) input: DiscontinueProductInput, @Ctx() context: Context) {
    const { sku, expectedVersion, idempotencyKey } = input
    const command = { sku, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined }
    const answer = await context.inventory.commands.discontinueProduct(command, context.caller)
    return { ...answered(answer, context), product: answer.result }
  }
}
