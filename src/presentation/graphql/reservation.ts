import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import { ArrayMaxSize } from 'class-validator'
import type { ReservationView } from '../../application/views.ts'
import type { ReservationLine as Line } from '../../domain/reservation.ts'
import { streamName } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { uuidOf } from './lines.ts'
import { Node } from './node.ts'
import { connectionOf, FILTER_VALUES_MAX, PAGE_ITEMS, pageRequest, toConnection, withoutNulls } from './page.ts'
import { DateTime, SafeInt } from './scalars.ts'
import { IsReference } from './validation.ts'

const ReservationStatus = enumOf('OPEN', 'FULFILLED', 'RELEASED', 'EXPIRED')
registerEnumType(ReservationStatus, { name: 'ReservationStatus' })

@ObjectType()
export class ReservationLine implements Line {
  @Field(() => String) sku!: string
  @Field(() => String) location!: string
  @Field(() => SafeInt) quantity!: number
  @Field(() => SafeInt, { description: 'Handed out.' }) fulfilled!: number
  @Field(() => SafeInt, { description: 'Promised again to others: released, or the time was over.' }) released!: number
}

@ObjectType({ implements: Node, description: 'Stock promised to one order or cart: every line or none.' })
export class Reservation implements Omit<ReservationView, 'id'> {
  @Field(() => ReservationStatus, { description: 'Of several ends, the last: EXPIRED where time was over before all was fulfilled or released.' })
  status!: ReservationView['status']
  @Field(() => [ReservationLine]) lines!: ReservationLine[]
  @Field(() => String, { nullable: true }) reference!: string | null
  @Field(() => DateTime) placedAt!: number
  @Field(() => DateTime, { nullable: true, description: 'From then on it can be neither fulfilled nor extended. Null where it stays until it is ended.' })
  expiresAt!: number | null
  @Field(() => Int, { description: 'Grows by one with each event of this reservation; hand it to expectedVersion.' }) version!: number
}

export const ReservationConnection = connectionOf('Reservation', Reservation)

@InputType({ description: `All that is given must hold, SKUs and locations for one and the same line; null is not given. Lists may hold ${FILTER_VALUES_MAX} values.` })
export class ReservationFilter {
  @Field(() => [ReservationStatus], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) statuses?: ReservationView['status'][] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) skus?: string[] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) locations?: string[] | null
  @Field(() => String, { nullable: true }) @IsReference() reference?: string | null
}

@Resolver(() => Reservation)
export class ReservationResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: ReservationView): string {
    return streamName.reservation(id)
  }

  @Query(() => Reservation, { nullable: true })
  async reservation(@Arg('id', () => ID) id: string, @Ctx() { inventory }: Context): Promise<ReservationView | undefined> {
    const { value: [found] } = await inventory.queries.reservations([uuidOf('reservation', id)])
    return found
  }

  @Query(() => ReservationConnection, { description: 'In the order of placing.' })
  async reservations(
    @Arg('filter', () => ReservationFilter, { nullable: true }) filter: ReservationFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    return toConnection(await inventory.queries.reservationPage({ ...pageRequest(first, after), ...withoutNulls(filter) }))
  }
}
