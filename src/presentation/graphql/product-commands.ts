import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer } from '../../application/commands/types.ts'
import type { ProductView } from '../../application/views.ts'
import type { JsonObject, Unit as UnitName } from '../../domain/events.ts'
import { checkAttributes, requireGtin } from '../../domain/product.ts'
import type { Context } from './context.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { Product, Unit } from './product.ts'
import { JSONObject } from './scalars.ts'
import { IsDisplayName, IsIdempotencyKey, IsIdentifier, Obeys } from './validation.ts'

@ObjectType({ implements: CommandPayload })
export class ProductPayload extends CommandPayload {
  @Field(() => Product, { nullable: true }) product?: Product | null
}

@InputType()
export class RegisterProductInput {
  @Field(() => String) @IsIdentifier() sku!: string
  @Field(() => String) @IsDisplayName() name!: string
  @Field(() => String, { nullable: true }) @Obeys(requireGtin) barcode?: string | null
  @Field(() => Unit, { nullable: true, defaultValue: Unit.EACH }) unit?: UnitName | null
  @Field(() => JSONObject, { nullable: true }) @Obeys(checkAttributes) attributes?: JsonObject | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
abstract class ProductInput {
  @Field(() => String) @IsIdentifier() sku!: string
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({ description: 'What is left out stays; a barcode of null clears it.' })
export class UpdateProductInput extends ProductInput {
  @Field(() => String, { nullable: true }) @IsDisplayName() name?: string | null
  @Field(() => String, { nullable: true }) @Obeys(requireGtin) barcode?: string | null
  @Field(() => JSONObject, { nullable: true }) @Obeys(checkAttributes) attributes?: JsonObject | null
}

@InputType()
export class DiscontinueProductInput extends ProductInput {}

const common = ({ sku, expectedVersion, idempotencyKey }: ProductInput) =>
  ({ sku, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const payload = (answer: Answer<ProductView>, context: Context) => Object.assign(answered(answer, context), { product: answer.result })

@Resolver()
export class ProductCommandResolver {
  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async registerProduct(@Arg('input', () => RegisterProductInput) input: RegisterProductInput, @Ctx() context: Context) {
    const { sku, name, barcode = null, unit, attributes, idempotencyKey } = input
    const command = { sku, name, barcode, unit: unit ?? Unit.EACH, attributes: attributes ?? {}, idempotencyKey: idempotencyKey ?? undefined }
    return payload(await context.inventory.commands.registerProduct(command, context.caller), context)
  }

  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async updateProduct(@Arg('input', () => UpdateProductInput) input: UpdateProductInput, @Ctx() context: Context) {
    const { name, barcode, attributes } = input
    const command = {
      ...common(input),
      ...(name != null && { name }),
      ...(barcode !== undefined && { barcode }),
      ...(attributes != null && { attributes }),
    }
    return payload(await context.inventory.commands.updateProduct(command, context.caller), context)
  }

  @Mutation(() => ProductPayload)
  @RefusalsAsData()
  async discontinueProduct(@Arg('input', () => DiscontinueProductInput) input: DiscontinueProductInput, @Ctx() context: Context) {
    return payload(await context.inventory.commands.discontinueProduct(common(input), context.caller), context)
  }
}
