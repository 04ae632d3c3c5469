import { Ctx, Field, FieldResolver, ID, InputType, Int, ObjectType, Resolver, Root } from 'type-graphql'
import { ArrayMaxSize } from 'class-validator'
import type { EventFilter as EventQuery, RecordedEvent } from '../../application/ports.ts'
import { subjectOf } from '../../domain/streams.ts'
import type { Context } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { Node } from './node.ts'
import { FILTER_VALUES_MAX, withoutNulls } from './page.ts'
import { Cursor, DateTime, JSONObject } from './scalars.ts'

@ObjectType('Event', { implements: Node, description: 'One fact of the event log, as it was recorded. Facts are never changed or removed.' })
export class Event implements Pick<RecordedEvent, 'type' | 'stream' | 'version' | 'occurredAt' | 'recordedAt' | 'data'> {
  @Field(() => String, { description: 'StockAdded, StockRemoved, ReservationPlaced, …: the past tense of what happened.' }) type!: RecordedEvent['type']
  @Field(() => String, { description: 'The stream it belongs to, for example stock:SKU@LOCATION.' }) stream!: string
  @Field(() => Int, { description: '1 for a stream\'s first event.' }) version!: number
  @Field(() => DateTime, { description: 'When it happened in the shop; a command or an import may give it.' }) occurredAt!: number
  @Field(() => DateTime, { description: 'When the log took it in; grows along the log.' }) recordedAt!: number
  @Field(() => JSONObject, { description: 'What happened, as the log has it; times within are milliseconds since 1970 UTC.' }) data!: RecordedEvent['data']
}

@Resolver(() => Event)
export class EventResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: RecordedEvent): string {
    return id
  }

  @FieldResolver(() => Cursor)
  cursor(@Root() { position }: RecordedEvent, @Ctx() { inventory }: Context): string {
    return encodeCursor(inventory.status().logId, position)
  }

  @FieldResolver(() => String, { nullable: true })
  sku(@Root() { stream }: RecordedEvent): string | undefined {
    return subjectOf(stream).sku
  }

  @FieldResolver(() => String, { nullable: true })
  location(@Root() { stream }: RecordedEvent): string | undefined {
    return subjectOf(stream).location
  }

  @FieldResolver(() => String, { nullable: true })
  actor(@Root() { metadata }: RecordedEvent): string | undefined {
    return metadata.actor
  }

  @FieldResolver(() => String, { nullable: true })
  reason(@Root() { data }: RecordedEvent): string | undefined {
    return 'reason' in data ? data.reason : undefined
  }

  @FieldResolver(() => String, { nullable: true, description: 'A document outside this system: an order, a delivery note.' })
  reference(@Root() { metadata }: RecordedEvent): string | undefined {
    return metadata.reference
  }

  @FieldResolver(() => String, { nullable: true })
  note(@Root() { metadata }: RecordedEvent): string | undefined {
    return metadata.note
  }

  @FieldResolver(() => ID)
  correlationId(@Root() { metadata }: RecordedEvent): string {
    return metadata.correlationId
  }

  @FieldResolver(() => ID, { nullable: true })
  causationId(@Root() { metadata }: RecordedEvent): string | undefined {
    return metadata.causationId
  }
}

@InputType({ description: `All that is given must hold; null is not given. Lists may hold ${FILTER_VALUES_MAX} values.` })
export class EventFilter {
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) types?: string[] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) skus?: string[] | null
  @Field(() => [String], { nullable: true }) @ArrayMaxSize(FILTER_VALUES_MAX) locations?: string[] | null
  @Field(() => String, { nullable: true }) reference?: string | null
  @Field(() => ID, { nullable: true }) correlationId?: string | null
  @Field(() => DateTime, { nullable: true, description: 'From this moment on.' }) recordedFrom?: number | null
  @Field(() => DateTime, { nullable: true, description: 'Before this moment.' }) recordedTo?: number | null
}

export const eventQuery = (filter: EventFilter | null): EventQuery => withoutNulls(filter)
