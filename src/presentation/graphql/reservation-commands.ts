import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer } from '../../application/commands/types.ts'
import type { ReservationView } from '../../application/views.ts'
import { expiryAfter, RESERVATION_LINES_MAX } from '../../domain/reservation.ts'
import type { SourcingStrategy as StrategyName } from '../../domain/sourcing.ts'
import { SourcingStrategy } from './availability.ts'
import type { Context } from './context.ts'
import { LineInput, uuidOf } from './lines.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { Reservation } from './reservation.ts'
import { DateTime } from './scalars.ts'
import { IsIdempotencyKey, IsNote, IsReference, Obeys } from './validation.ts'

@ObjectType({ implements: CommandPayload })
export class ReservationPayload extends CommandPayload {
  @Field(() => Reservation, { nullable: true }) reservation?: Reservation | null
}

const IsLifetime = () => Obeys((seconds: number) => expiryAfter(seconds, 0))

@InputType({ description: 'Where location is left out, the server picks: see checkAvailability.' })
export class SourcedLineInput extends LineInput {
  @Field(() => String, { nullable: true }) location?: string | null
}

@InputType({
  description: `expiresInSeconds: 1 to 2,592,000 (30 days); left out, the reservation stays until it is ended. Up to
${RESERVATION_LINES_MAX} lines. locations: where lines without one may be sourced, in order of priority; left out, anywhere open.
With dryRun everything is decided and answered, and nothing appended: the reservation is shown as it would be.`,
})
export class ReserveStockInput {
  @Field(() => [SourcedLineInput]) lines!: SourcedLineInput[]
  @Field(() => [String], { nullable: true }) locations?: string[] | null
  @Field(() => SourcingStrategy, { nullable: true, defaultValue: SourcingStrategy.FEWEST_LOCATIONS }) strategy?: StrategyName | null
  @Field(() => Int, { nullable: true }) @IsLifetime() expiresInSeconds?: number | null
  @Field(() => Boolean, { nullable: true, defaultValue: false }) dryRun?: boolean | null
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
  @Field(() => String, { nullable: true }) @IsNote() note?: string | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
abstract class OnReservationInput {
  @Field(() => ID) id!: string
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({ description: 'It is over so many seconds from now, whether that is later or sooner than before.' })
export class ExtendReservationInput extends OnReservationInput {
  @Field(() => Int) @IsLifetime() expiresInSeconds!: number
}

@InputType()
export class ReservationLineInput extends LineInput {
  @Field(() => String) location!: string
}

@InputType()
abstract class SettledReservationInput extends OnReservationInput {
  @Field(() => [ReservationLineInput], { nullable: true }) lines?: ReservationLineInput[] | null
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
}

@InputType({ description: 'Without lines, all that is left. The goods go out: onHand and reserved fall together.' })
export class FulfillReservationInput extends SettledReservationInput {
  @Field(() => DateTime, { nullable: true }) occurredAt?: number | null
}

@InputType({ description: 'Without lines, all that is left. It is promised again to others.' })
export class ReleaseReservationInput extends SettledReservationInput {}

const common = ({ id, expectedVersion, idempotencyKey }: OnReservationInput) =>
  ({ id: uuidOf('reservation', id), expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const settled = (input: SettledReservationInput) => ({
  ...common(input),
  lines: input.lines?.map(({ sku, location, quantity }) => ({ sku, location, quantity })),
  reference: input.reference ?? undefined,
})

const payload = (answer: Answer<ReservationView>, context: Context) => Object.assign(answered(answer, context), { reservation: answer.result })

@Resolver()
export class ReservationCommandResolver {
  @Mutation(() => ReservationPayload)
  @RefusalsAsData()
  async reserveStock(@Arg('input', () => ReserveStockInput) input: ReserveStockInput, @Ctx() context: Context) {
    const command = {
      lines: input.lines.map(({ sku, location, quantity }) => ({ sku, quantity, location: location ?? undefined })),
      locations: input.locations ?? undefined,
      strategy: input.strategy ?? SourcingStrategy.FEWEST_LOCATIONS,
      expiresInSeconds: input.expiresInSeconds ?? undefined,
      dryRun: input.dryRun ?? false,
      reference: input.reference ?? undefined,
      note: input.note ?? undefined,
      idempotencyKey: input.idempotencyKey ?? undefined,
    }
    return payload(await context.inventory.commands.reserveStock(command, context.caller), context)
  }

  @Mutation(() => ReservationPayload)
  @RefusalsAsData()
  async extendReservation(@Arg('input', () => ExtendReservationInput) input: ExtendReservationInput, @Ctx() context: Context) {
    const command = { ...common(input), expiresInSeconds: input.expiresInSeconds }
    return payload(await context.inventory.commands.extendReservation(command, context.caller), context)
  }

  @Mutation(() => ReservationPayload)
  @RefusalsAsData()
  async fulfillReservation(@Arg('input', () => FulfillReservationInput) input: FulfillReservationInput, @Ctx() context: Context) {
    const command = { ...settled(input), occurredAt: input.occurredAt ?? undefined }
    return payload(await context.inventory.commands.fulfillReservation(command, context.caller), context)
  }

  @Mutation(() => ReservationPayload)
  @RefusalsAsData()
  async releaseReservation(@Arg('input', () => ReleaseReservationInput) input: ReleaseReservationInput, @Ctx() context: Context) {
    return payload(await context.inventory.commands.releaseReservation(settled(input), context.caller), context)
  }
}
