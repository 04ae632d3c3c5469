import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer, Commands } from '../../application/commands/types.ts'
import type { StockLevelView } from '../../application/views.ts'
import { type Context, shown } from './context.ts'
import { enumOf } from './enums.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { DateTime, SafeInt } from './scalars.ts'
import { StockLevel } from './stock-level.ts'
import { IsIdempotencyKey, IsIdentifier, IsNote, IsQuantity, IsReference } from './validation.ts'

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
  @Field(() => String) @IsIdentifier() sku!: string
  @Field(() => String) @IsIdentifier() location!: string
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
abstract class DocumentedInput extends StockLevelInput {
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
  @Field(() => String, { nullable: true }) @IsNote() note?: string | null
}

@InputType()
abstract class MovedStockInput extends DocumentedInput {
  @Field(() => SafeInt) @IsQuantity({ min: 1 }) quantity!: number
}

@InputType()
export class AddStockInput extends MovedStockInput {
  @Field(() => AdditionReason, { nullable: true, defaultValue: AdditionReason.RECEIVED }) reason?: string | null
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

@InputType({ description: 'Takes from available stock alone: what is reserved or unavailable stays.' })
export class RemoveStockInput extends MovedStockInput {
  @Field(() => RemovalReason) reason!: string
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

@InputType({ description: 'A stocktake: onHand becomes counted; the difference is recorded.' })
export class CountStockInput extends DocumentedInput {
  @Field(() => SafeInt) @IsQuantity({ min: 0 }) counted!: number
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
  @Field(() => SafeInt, { nullable: true }) @IsQuantity({ min: 0 }) safetyStock?: number | null
  @Field(() => SafeInt, { nullable: true }) @IsQuantity({ min: 0 }) reorderPoint?: number | null
  @Field(() => SafeInt, { nullable: true }) @IsQuantity({ min: 1 }) reorderQuantity?: number | null
  @Field(() => SafeInt, { nullable: true }) @IsQuantity({ min: 0 }) backorderLimit?: number | null
  @Field(() => Boolean, { nullable: true }) allowNegative?: boolean | null
}

/** What a value is cleared to. */
const NO_POLICY = { safetyStock: 0, reorderPoint: null, reorderQuantity: null, backorderLimit: 0, allowNegative: false }

const common = ({ sku, location, expectedVersion, idempotencyKey }: StockLevelInput) =>
  ({ sku, location, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const documented = (input: DocumentedInput & { occurredAt?: number | null }) => Object.assign(common(input), {
  reference: input.reference ?? undefined,
  note: input.note ?? undefined,
  occurredAt: input.occurredAt ?? undefined,
})

const moved = (input: MovedStockInput) => Object.assign(documented(input), { quantity: input.quantity })

/** A command that changed nothing shows what was there before it. */
async function payload(context: Context, command: (commands: Commands) => Promise<Answer<StockLevelView>>) {
  const { projected } = context.inventory.status()
  const answer = await command(context.inventory.commands)
  return Object.assign(answered(answer, context), { stockLevel: shown(answer.result, { position: answer.position ?? projected, stale: false }) })
}

@Resolver()
export class StockCommandResolver {
  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async addStock(@Arg('input', () => AddStockInput) input: AddStockInput, @Ctx() context: Context) {
    const command = Object.assign(moved(input), { reason: input.reason ?? AdditionReason.RECEIVED })
    return payload(context, ({ addStock }) => addStock(command, context.caller))
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async removeStock(@Arg('input', () => RemoveStockInput) input: RemoveStockInput, @Ctx() context: Context) {
    return payload(context, ({ removeStock }) => removeStock(Object.assign(moved(input), { reason: input.reason }), context.caller))
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async countStock(@Arg('input', () => CountStockInput) input: CountStockInput, @Ctx() context: Context) {
    return payload(context, ({ countStock }) => countStock({ ...documented(input), counted: input.counted }, context.caller))
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async setStockAside(@Arg('input', () => SetStockAsideInput) input: SetStockAsideInput, @Ctx() context: Context) {
    return payload(context, ({ setStockAside }) => setStockAside({ ...moved(input), reason: input.reason }, context.caller))
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async putStockBack(@Arg('input', () => PutStockBackInput) input: PutStockBackInput, @Ctx() context: Context) {
    return payload(context, ({ putStockBack }) => putStockBack(moved(input), context.caller))
  }

  @Mutation(() => StockPayload)
  @RefusalsAsData()
  async setStockPolicy(@Arg('input', () => SetStockPolicyInput) input: SetStockPolicyInput, @Ctx() context: Context) {
    const named = (Object.keys(NO_POLICY) as (keyof typeof NO_POLICY)[]).filter((name) => input[name] !== undefined)
    const policy = Object.fromEntries(named.map((name) => [name, input[name] ?? NO_POLICY[name]]))
    return payload(context, ({ setStockPolicy }) => setStockPolicy({ ...common(input), policy }, context.caller))
  }
}
