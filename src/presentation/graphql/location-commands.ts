import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer } from '../../application/commands/types.ts'
import type { LocationView } from '../../application/views.ts'
import type { LocationKind as KindName } from '../../domain/events.ts'
import { requireTimeZone } from '../../domain/location.ts'
import type { Context } from './context.ts'
import { Location, LocationKind } from './location.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { IsDisplayName, IsIdempotencyKey, IsIdentifier, Obeys } from './validation.ts'

@ObjectType({ implements: CommandPayload })
export class LocationPayload extends CommandPayload {
  @Field(() => Location, { nullable: true }) location?: Location | null
}

@InputType()
export class OpenLocationInput {
  @Field(() => String) @IsIdentifier() code!: string
  @Field(() => String) @IsDisplayName() name!: string
  @Field(() => LocationKind, { nullable: true, defaultValue: LocationKind.STORE }) kind?: KindName | null
  @Field(() => String, { nullable: true, defaultValue: 'UTC' }) @Obeys(requireTimeZone) timeZone?: string | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
abstract class LocationInput {
  @Field(() => String) @IsIdentifier() code!: string
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({ description: 'What is left out stays.' })
export class UpdateLocationInput extends LocationInput {
  @Field(() => String, { nullable: true }) @IsDisplayName() name?: string | null
  @Field(() => LocationKind, { nullable: true }) kind?: KindName | null
  @Field(() => String, { nullable: true }) @Obeys(requireTimeZone) timeZone?: string | null
}

@InputType()
export class CloseLocationInput extends LocationInput {}

const common = ({ code, expectedVersion, idempotencyKey }: LocationInput) =>
  ({ code, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined })

const payload = (answer: Answer<LocationView>, context: Context) => Object.assign(answered(answer, context), { location: answer.result })

@Resolver()
export class LocationCommandResolver {
  @Mutation(() => LocationPayload)
  @RefusalsAsData()
  async openLocation(@Arg('input', () => OpenLocationInput) input: OpenLocationInput, @Ctx() context: Context) {
    const { code, name, kind, timeZone, idempotencyKey } = input
    const command = { code, name, kind: kind ?? LocationKind.STORE, timeZone: timeZone ?? 'UTC', idempotencyKey: idempotencyKey ?? undefined }
    return payload(await context.inventory.commands.openLocation(command, context.caller), context)
  }

  @Mutation(() => LocationPayload)
  @RefusalsAsData()
  async updateLocation(@Arg('input', () => UpdateLocationInput) input: UpdateLocationInput, @Ctx() context: Context) {
    const { name, kind, timeZone } = input
    const command = {
      ...common(input),
      ...(name != null && { name }),
      ...(kind != null && { kind }),
      ...(timeZone != null && { timeZone }),
    }
    return payload(await context.inventory.commands.updateLocation(command, context.caller), context)
  }

  @Mutation(() => LocationPayload)
  @RefusalsAsData()
  async closeLocation(@Arg('input', () => CloseLocationInput) input: CloseLocationInput, @Ctx() context: Context) {
    return payload(await context.inventory.commands.closeLocation(common(input), context.caller), context)
  }
}
