import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { LocationView } from '../../application/views.ts'
import type { LocationKind as KindName } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { Node } from './node.ts'
import { connectionOf, pageRequest, toConnection } from './page.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { DateTime } from './scalars.ts'

enum LocationKind { STORE = 'STORE', WAREHOUSE = 'WAREHOUSE', DROPSHIP = 'DROPSHIP', VIRTUAL = 'VIRTUAL' }
enum LocationStatus { OPEN = 'OPEN', CLOSED = 'CLOSED' }
registerEnumType(LocationKind, { name: 'LocationKind' })
registerEnumType(LocationStatus, { name: 'LocationStatus' })

@ObjectType({ implements: Node })
export class Location implements LocationView {
  @Field(() => String, { description: 'Unique, case-sensitive, 1 to 64 printable characters, no space at either end.' }) code!: string
  @Field(() => String) name!: string
  @Field(() => LocationKind) kind!: KindName
  @Field(() => String) timeZone!: string
  @Field(() => LocationStatus) status!: LocationView['status']
  @Field(() => Int) version!: number
  @Field(() => DateTime) openedAt!: number
  @Field(() => DateTime) updatedAt!: number
}

export const LocationConnection = connectionOf('Location', Location)

@ObjectType({ implements: CommandPayload })
export class LocationPayload extends CommandPayload {
  @Field(() => Location, { nullable: true }) location?: Location | null
}

@InputType()
export class OpenLocationInput {
  @Field(() => String) code!: string
  @Field(() => String) name!: string
  @Field(() => LocationKind, { nullable: true, defaultValue: LocationKind.STORE }) kind?: KindName | null
  @Field(() => String, { nullable: true, defaultValue: 'UTC' }) timeZone?: string | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

@InputType()
export class UpdateLocationInput {
  @Field(() => String) code!: string
  @Field(() => String, { nullable: true }) name?: string | null
  @Field(() => LocationKind, { nullable: true }) kind?: KindName | null
  @Field(() => String, { nullable: true }) timeZone?: string | null
  @Field(() => Int, { nullable: true }) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
}

@Resolver(() => Location)
export class LocationResolver {
  @FieldResolver(() => ID)
  id(@Root() location: Location): string {
    return streamName.location(location.code)
  }

  @Query(() => Location, { nullable: true })
  async location(@Arg('code', () => String) code: string, @Ctx() { locations }: Context): Promise<LocationView | undefined> {
    return locations.load(code)
  }

  @Query(() => LocationConnection)
  async locations(
    @Arg('kinds', () => [LocationKind], { nullable: true }) kinds: KindName[] | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.queries.locationPage({ ...pageRequest(first, after), ...(kinds && { kinds }) })
    return toConnection(page)
  }

  @Mutation(() => LocationPayload)
  @RefusalsAsData()
  async openLocation(@Arg('input', () => OpenLocationInput) input: OpenLocationInput, @Ctx() context: Context) {
    const { code, name, kind, timeZone, idempotencyKey } = input
    const command = { code, name, kind: kind ?? 'STORE', timeZone: timeZone ?? 'UTC', idempotencyKey: idempotencyKey ?? undefined }
    const answer = await context.inventory.commands.openLocation(command, context.caller)
    return { ...answered(answer, context), location: answer.result }
  }

  @Mutation(() => LocationPayload)
  @RefusalsAsData()
  async updateLocation(@Arg('input', () => UpdateLocationInput) input: UpdateLocationInput, @Ctx() context: Context) {
    const { code, name, kind, timeZone, expectedVersion, idempotencyKey } = input
    const answer = await context.inventory.commands.updateLocation({
      code,
      ...(name != null && { name }),
      ...(kind != null && { kind }),
      ...(timeZone != null && { timeZone }),
      expectedVersion: expectedVersion ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }, context.caller)
    return { ...answered(answer, context), location: answer.result }
  }
}
