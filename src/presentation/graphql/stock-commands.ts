import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql'
import type { Answer } from '../../application/commands/types.ts'
import type { StockLevelView } from '../../application/views.ts'
import type { Context } from './context.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { DateTime, SafeInt } from './scalars.ts'
import { StockLevel } from './stock-level.ts'

const enumOf = <Name extends string>(...names: readonly Name[]): Record<Name, Name> =>
  Object.fromEntries(names.map((name) => [name, name])) as Record<Name, Name>

const AdditionReason = enumOf('RECEIVED', 'RETURNED', 'FOUND', 'PRODUCED', 'OTHER')
const RemovalReason = enumOf('SOLD', 'DAMAGED', 'EXPIRED', 'LOST', 'STOLEN', 'RETURNED_TO_SUPPLIER', 'USED', 'OTHER')
const UnavailableReason = enumOf('DAMAGED', 'QUALITY_CONTROL', 'RECALLED', 'OTHER')
registerEnumType(AdditionReason, { name: 'AdditionReason' })
registerEnumType(RemovalReason, { name: 'RemovalReason' })
registerEnumType(UnavailableReason, { name: 'UnavailableReason' })

@ObjectType({ implements: CommandPayload })
export class StockPayload extends CommandPayload {
  @Field(() => StockLevel, { nullable: true }) stockLevel?: StockLevel | null
}

@InputType()
abstract class StockLevelInput {
  @Field(() => String) sku!: string
  @Field(() => String) location!: string
  @Field(() => Int, { nullable: true }) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

@InputType()
abstract class MovedStockInput extends StockLevelInput {
  @Field(() => SafeInt) quantity!: number
  @Field(() => String, { nullable: true }) reference?: string | null
  @Field(() => String, { nullable: true }) note?: string | null
}

@InputType()
export class AddStockInput extends MovedStockInput {
  @Field(() => AdditionReason, { nullable: true, defaultValue: 'RECEIVED' }) reason?: string | null
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

@InputType({ description: 'Takes from available stock alone: what is reserved or unavailable stays.' })
export class RemoveStockInput extends MovedStockInput {
  @Field(() => RemovalReason) reason!: string
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

@InputType()
export class SetStockAsideInput extends MovedStockInput {
  @Field(() => UnavailableReason) reason!: string
}

@InputType()
export class PutStockBackInput extends MovedStockInput {}

@InputType({ description: 'Null clears a value; what is left out stays.' })
export class SetStockPolicyInput extends StockLevelInput {
  @Field(() => SafeInt, { nullable: true }) safetyStock?: number | null
  @Field(() => SafeInt, { nullable: true }) reorderPoint?: number | null
  @Field(() => SafeInt, { nullable: true }) reorderQuantity?: number | null
  @Field(() => SafeInt, { nullable: true }) backorderLimit?: number | null
  @Field(() => Boolean, { nullable: true }) allowNegative?: boolean | null
}

/** What a value is cleared to. */
const NO_POLICY = { safetyStock: 0, reorderPoint: null, reorderQuantity: null, backorderLimit: 0, allowNegative: false }

const common = ({ sku, location, expectedVersion, idempotencyKey }: StockLevelInput) =>
  ({ sku, location, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const moved = (input: MovedStockInput & { occurredAt?: number | null }) => ({
  ...common(input),
  quantity: input.quantity,
  reference: input.reference ?? undefined,
  note: input.note ?? undefined,
  occurredAt: input.occurredAt ?? undefined,
})

const payload = (answer: Answer<StockLevelView>, context: Context) => ({ ...answered(answer, context), stockLevel: answer.result })

@Resolver()
export class StockCommandResolver {
  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async addStock(@Arg('input', () => AddStockInput) input: AddStockInput, @Ctx() context: Context) {
    const command = { ...moved(input), reason: input.reason ?? 'RECEIVED' }
    return payload(await context.inventory.commands.addStock(command, context.caller), context)
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async removeStock(@Arg('input', () => RemoveStockInput) input: RemoveStockInput, @Ctx() context: Context) {
    const command = { ...moved(input), reason: input.reason }
    return payload(await context.inventory.commands.removeStock(command, context.caller), context)
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async setStockAside(@Arg('input', () => SetStockAsideInput) input: SetStockAsideInput, @Ctx() context: Context) {
    const command = { ...moved(input), reason: input.reason }
    return payload(await context.inventory.commands.setStockAside(command, context.caller), context)
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async putStockBack(@Arg('input', () => PutStockBackInput) input: PutStockBackInput, @Ctx() context: Context) {
    return payload(await context.inventory.commands.putStockBack(moved(input), context.caller), context)
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async setStockPolicy(@Arg('input', () => SetStockPolicyInput) input: SetStockPolicyInput, @Ctx() context: Context) {
    const named = Object.keys(NO_POLICY).filter((field) => input[field as keyof typeof NO_POLICY] !== undefined)
    const policy = Object.fromEntries(named.map((field) => {
      const name = field as keyof typeof NO_POLICY
      return [name, input[name] ?? NO_POLICY[name]]
    }))
    return payload(await context.inventory.commands.setStockPolicy({ ...common(input), policy }, context.caller), context)
  }
}
