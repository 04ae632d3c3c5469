import { Arg, Ctx, Field, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql'
import { GraphQLError } from 'graphql'
import { DomainError, DomainErrors } from '../../domain/errors.ts'
import type { ReservedLine } from '../../domain/events.ts'
import type { SourcedLine, SourcingStrategy as StrategyName } from '../../domain/sourcing.ts'
import type { Context } from './context.ts'
import { encodeCursor, reached } from './cursor.ts'
import { enumOf } from './enums.ts'
import { LineInput } from './lines.ts'
import { Cursor, SafeInt } from './scalars.ts'
import { AGE, STALE } from './staleness.ts'

export const SourcingStrategy = enumOf('FEWEST_LOCATIONS', 'PRIORITY', 'MOST_AVAILABLE')
registerEnumType(SourcingStrategy, {
  name: 'SourcingStrategy',
  valuesConfig: {
    FEWEST_LOCATIONS: { description: 'As few locations as can be.' },
    PRIORITY: { description: 'In the order of locations.' },
    MOST_AVAILABLE: { description: 'Where most is available.' },
  },
})

@ObjectType()
export class Sourcing implements ReservedLine {
  @Field(() => String) sku!: string
  @Field(() => String) location!: string
  @Field(() => SafeInt) quantity!: number
}

@ObjectType()
export class AvailabilityLine implements SourcedLine {
  @Field(() => String) sku!: string
  @Field(() => SafeInt) requested!: number
  @Field(() => SafeInt, { description: 'Added up location by location: what the lines before this one leave of the SKU.' }) availableToPromise!: number
  @Field(() => [Sourcing], { description: 'Where all that is requested would be taken from; empty where there is not enough.' }) sourcing!: Sourcing[]
}

@ObjectType()
export class Availability {
  @Field(() => Boolean, { description: 'Every line could be promised, all together.' }) isAvailable!: boolean
  @Field(() => [AvailabilityLine]) lines!: AvailabilityLine[]
  @Field(() => Cursor, { description: 'The event log\'s place that this answer shows.' }) cursor!: string
  @Field(() => Boolean, { description: STALE }) stale!: boolean
  @Field(() => SafeInt, { nullable: true, description: AGE }) ageMs?: number
}

@Resolver()
export class AvailabilityResolver {
  @Query(() => Availability, { description: 'Whether reserveStock could promise these lines now, and from where. Nothing is held.' })
  async checkAvailability(
    @Arg('lines', () => [LineInput]) lines: LineInput[],
    @Arg('locations', () => [String], { nullable: true }) locations: string[] | null,
    @Arg('strategy', () => SourcingStrategy, { nullable: true, defaultValue: SourcingStrategy.FEWEST_LOCATIONS }) strategy: StrategyName | null,
    @Arg('atLeast', () => Cursor, { nullable: true }) atLeast: string | null,
    @Ctx() context: Context,
  ) {
    await reached(context, atLeast)
    const { inventory } = context
    const query = { lines, ...(locations && { locations }), strategy: strategy ?? SourcingStrategy.FEWEST_LOCATIONS }
    const { value, position, ...staleness } = await inventory.checkAvailability(query).catch(refuse)
    const isAvailable = value.every(({ requested, availableToPromise }) => requested <= availableToPromise)
    return { isAvailable, lines: value, cursor: encodeCursor(inventory.status().logId, position), ...staleness }
  }
}

/** A query has no userErrors: what it can't read is an error of the request. */
function refuse(error: unknown): never {
  if (error instanceof DomainError || error instanceof DomainErrors) {
    throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } })
  }
  throw error
}
