import { Ctx, Field, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql'
import type { BreakerStatus } from '../../application/inventory.ts'
import type { Context } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { enumOf } from './enums.ts'
import { Cursor } from './scalars.ts'

const BreakerState = enumOf('CLOSED', 'OPEN', 'HALF_OPEN')
registerEnumType(BreakerState, { name: 'BreakerState' })

@ObjectType()
export class Breaker implements BreakerStatus {
  @Field(() => String) name!: string
  @Field(() => BreakerState) state!: BreakerStatus['state']
  @Field(() => Int) failures!: number
}

@ObjectType()
export class System {
  @Field(() => String) version!: string
  @Field(() => Cursor, { description: 'Where the log ends.' }) cursor!: string
  @Field(() => Cursor, { description: 'Where the read model has got to.' }) readCursor!: string
  @Field(() => Int, { description: 'Events appended and not yet projected here.' }) lag!: number
  @Field(() => [Breaker]) breakers!: readonly BreakerStatus[]
  @Field(() => Int) subscribers!: number
}

@Resolver()
export class SystemResolver {
  @Query(() => System)
  system(@Ctx() { inventory, version }: Context): System {
    const { logId, head, projected, breakers, subscribers, webhooks } = inventory.status()
    return { version, cursor: encodeCursor(logId, head), readCursor: encodeCursor(logId, projected), lag: head - projected, breakers: [...breakers, ...webhooks.breakers], subscribers }
  }
}
