import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer } from '../../application/commands/types.ts'
import type { TransferView } from '../../application/views.ts'
import type { Context } from './context.ts'
import { LineInput, uuidOf } from './lines.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { Transfer } from './transfer.ts'
import { IsIdempotencyKey, IsIdentifier, IsNote, IsReference } from './validation.ts'

@ObjectType({ implements: CommandPayload })
export class TransferPayload extends CommandPayload {
  @Field(() => Transfer, { nullable: true }) transfer?: Transfer | null
}

@InputType({ description: 'Takes from available stock alone: what is reserved or unavailable stays.' })
export class DispatchTransferInput {
  @Field(() => String) @IsIdentifier() from!: string
  @Field(() => String) @IsIdentifier() to!: string
  @Field(() => [LineInput]) lines!: LineInput[]
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
  @Field(() => String, { nullable: true }) @IsNote() note?: string | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
abstract class OnTransferInput {
  @Field(() => ID) id!: string
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({
  description: `Without lines, all arrived. What is named short of what was sent is recorded as missing; what is not named stays
on its way.`,
})
export class ReceiveTransferInput extends OnTransferInput {
  @Field(() => [LineInput], { nullable: true }) lines?: LineInput[] | null
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
}

@InputType({ description: 'The goods go back to where they came from.' })
export class CancelTransferInput extends OnTransferInput {}

const common = ({ id, expectedVersion, idempotencyKey }: OnTransferInput) =>
  ({ id: uuidOf('transfer', id), expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const plain = (lines: readonly LineInput[]) => lines.map(({ sku, quantity }) => ({ sku, quantity }))

const payload = (answer: Answer<TransferView>, context: Context) => Object.assign(answered(answer, context), { transfer: answer.result })

@Resolver()
export class TransferCommandResolver {
  @Mutation(() => TransferPayload)
  @RefusalsAsData()
  async dispatchTransfer(@Arg('input', () => DispatchTransferInput) input: DispatchTransferInput, @Ctx() context: Context) {
    const { from, to, lines, reference, note, idempotencyKey } = input
    const command = {
      from, to, lines: plain(lines), reference: reference ?? undefined, note: note ?? undefined, idempotencyKey: idempotencyKey ?? undefined,
    }
    return payload(await context.inventory.commands.dispatchTransfer(command, context.caller), context)
  }

  @Mutation(() => TransferPayload)
  @RefusalsAsData()
  async receiveTransfer(@Arg('input', () => ReceiveTransferInput) input: ReceiveTransferInput, @Ctx() context: Context) {
    const { lines, reference } = input
    const command = { ...common(input), lines: lines ? plain(lines) : undefined, reference: reference ?? undefined }
    return payload(await context.inventory.commands.receiveTransfer(command, context.caller), context)
  }

  @Mutation(() => TransferPayload)
  @RefusalsAsData()
  async cancelTransfer(@Arg('input', () => CancelTransferInput) input: CancelTransferInput, @Ctx() context: Context) {
    return payload(await context.inventory.commands.cancelTransfer(common(input), context.caller), context)
  }
}
