import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql'
import { type Movement, MOVEMENTS_MAX } from '../../application/commands/types.ts'
import type { DomainError } from '../../domain/errors.ts'
import { type Context, shown } from './context.ts'
import { enumOf } from './enums.ts'
import { answered, CommandPayload, RefusalsAsData, userError } from './payload.ts'
import { DateTime, SafeInt } from './scalars.ts'
import { StockLevel } from './stock-level.ts'
import { IsIdempotencyKey } from './validation.ts'

const ErrorPolicy = enumOf('ALL_OR_NOTHING', 'SKIP_FAILED')
registerEnumType(ErrorPolicy, {
  name: 'ErrorPolicy',
  valuesConfig: {
    ALL_OR_NOTHING: { description: 'One bad row, and nothing is applied.' },
    SKIP_FAILED: { description: 'Bad rows are left out and each is named in userErrors.' },
  },
})

@ObjectType({ implements: CommandPayload })
export class MovementsPayload extends CommandPayload {
  @Field(() => Int) applied!: number
  @Field(() => Int, { description: 'Bad rows: each is named in userErrors.' }) rejected!: number
  @Field(() => [StockLevel]) stockLevels!: StockLevel[]
}

@InputType({ description: 'delta above zero adds, below zero removes.' })
export class MovementInput {
  @Field(() => String) sku!: string
  @Field(() => String) location!: string
  @Field(() => SafeInt) delta!: number
  @Field(() => String, { nullable: true }) reason?: string | null
  @Field(() => String, { nullable: true }) reference?: string | null
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

/** Rows are checked where they are decided on: one that says something wrong is a bad row as one that is short of stock is. */
@InputType({
  description: `Up to ${MOVEMENTS_MAX} movements in one command, applied in their order. Every bad row is reported at once, not the first alone.
With dryRun everything is decided and answered and nothing is appended.`,
})
export class ApplyMovementsInput {
  @Field(() => [MovementInput]) movements!: MovementInput[]
  @Field(() => ErrorPolicy, { nullable: true, defaultValue: ErrorPolicy.ALL_OR_NOTHING }) errorPolicy?: keyof typeof ErrorPolicy | null
  @Field(() => Boolean, { nullable: true, defaultValue: false }) dryRun?: boolean | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

const movement = ({ sku, location, delta, reason, reference, occurredAt }: MovementInput): Movement =>
  ({ sku, location, delta, reason: reason ?? undefined, reference: reference ?? undefined, occurredAt: occurredAt ?? undefined })

/** What a command that is refused whole says of its rows. */
const nothingApplied = (errors: readonly DomainError[]) =>
  ({ applied: 0, rejected: errors.filter(({ field: [list, row] }) => list === 'movements' && row !== undefined).length, stockLevels: [] })

@Resolver()
export class MovementResolver {
  @Mutation(() => MovementsPayload)
  @RefusalsAsData(nothingApplied)
  async applyMovements(@Arg('input', () => ApplyMovementsInput) input: ApplyMovementsInput, @Ctx() context: Context) {
    const { inventory, caller } = context
    const { projected } = inventory.status()
    const answer = await inventory.commands.applyMovements({
      movements: input.movements.map(movement),
      errorPolicy: input.errorPolicy ?? ErrorPolicy.ALL_OR_NOTHING,
      dryRun: input.dryRun ?? false,
      idempotencyKey: input.idempotencyKey ?? undefined,
    }, caller)
    const { applied, refusals, stockLevels } = answer.result
    const place = { position: answer.position ?? projected, stale: false }
    return {
      ...answered(answer, context),
      applied,
      rejected: refusals.length,
      stockLevels: stockLevels.map((level) => shown(level, place)),
      userErrors: refusals.map(userError),
    }
  }
}
