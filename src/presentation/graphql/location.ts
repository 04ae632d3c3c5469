import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { LocationView } from '../../application/views.ts'
import type { LocationKind as KindName } from '../../domain/events.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { Node } from './node.ts'
import { connectionOf, DIRECT, PAGE_ITEMS, pageRequest, toConnection } from './page.ts'
import { DateTime } from './scalars.ts'

export const LocationKind = enumOf('STORE', 'WAREHOUSE', 'DROPSHIP', 'VIRTUAL')
const LocationStatus = enumOf('OPEN', 'CLOSED')
registerEnumType(LocationKind, { name: 'LocationKind' })
registerEnumType(LocationStatus, { name: 'LocationStatus' })

@ObjectType({ ...DIRECT, implements: Node })
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
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const page = await inventory.queries.locationPage({ ...pageRequest(first, after), ...(kinds && { kinds }) })
    return toConnection(page)
  }
}
