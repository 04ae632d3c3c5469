import { Args, ArgsType, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql'
import type { ReservationChange as ReservationChanged } from '../../application/changes.ts'
import type { RecordedEvent } from '../../application/ports.ts'
import type { ReservationView } from '../../application/views.ts'
import { invalidInput } from '../../domain/errors.ts'
import type { Context } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { Event } from './event.ts'
import { uuidOf } from './lines.ts'
import { UUID } from './node.ts'
import { Reservation } from './reservation.ts'
import { Cursor } from './scalars.ts'
import { checked, GO_ON, RESUMABLE, startOf, type Subscribing } from './subscribing.ts'
import { IsReference, Obeys } from './validation.ts'

@ObjectType({ description: 'One change of one reservation: it was placed, extended, fulfilled or released in part or whole, or it expired.' })
export class ReservationChange {
  @Field(() => Cursor, { description: GO_ON }) cursor!: string
  @Field(() => Event) event!: RecordedEvent
  @Field(() => Reservation, { description: 'As it was right after the event.' }) reservation!: ReservationView
}

/** Of what is no id, nothing would ever be told. */
function reservationId(id: string): string {
  const uuid = uuidOf('reservation', id)
  if (UUID.test(uuid)) return uuid
  throw invalidInput('id', 'id must be that of a reservation, such as reservation:01997c5e-8a00-7000-8000-000000000000.')
}

@ArgsType()
class ReservationChangedArgs {
  @Field(() => ID, { nullable: true }) @Obeys(reservationId) id?: string | null
  @Field(() => String, { nullable: true, description: 'That it was placed with.' }) @IsReference() reference?: string | null
  @Field(() => Cursor, { nullable: true }) after?: string | null
}

async function follow({ args, context }: Subscribing<ReservationChangedArgs>) {
  const { id, reference, after } = checked(ReservationChangedArgs, args)
  const filter = { ...(id != null && { id: reservationId(id) }), ...(reference != null && { reference }) }
  return context.inventory.changes.reservations(filter, await startOf(context, after), context.onSlow)
}

@Resolver()
export class ReservationChangeResolver {
  @Subscription(() => ReservationChange, { description: `${RESUMABLE} All reservations, unless told; with id and reference, both must hold.`, subscribe: follow })
  reservationChanged(
    @Args(() => ReservationChangedArgs, { validate: false }) _args: ReservationChangedArgs,
    @Root() { position, event, reservation }: ReservationChanged,
    @Ctx() { inventory }: Context,
  ): ReservationChange {
    return { cursor: encodeCursor(inventory.status().logId, position), event, reservation }
  }
}
