import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql'
import type { TransferView } from '../../application/views.ts'
import { streamName } from '../../domain/streams.ts'
import type { TransferLine as Line } from '../../domain/transfer.ts'
import type { Context } from './context.ts'
import { enumOf } from './enums.ts'
import { uuidOf } from './lines.ts'
import { Location } from './location.ts'
import { Node } from './node.ts'
import { connectionOf, PAGE_ITEMS, pageRequest, toConnection } from './page.ts'
import { DateTime, SafeInt } from './scalars.ts'

const TransferStatus = enumOf('IN_TRANSIT', 'RECEIVED', 'CANCELLED')
registerEnumType(TransferStatus, { name: 'TransferStatus' })

@ObjectType()
export class TransferLine implements Line {
  @Field(() => String) sku!: string
  @Field(() => SafeInt) quantity!: number
  @Field(() => SafeInt) received!: number
  @Field(() => SafeInt, { description: 'Lost or damaged on the way, closed by receiveTransfer.' }) missing!: number
}

@ObjectType({ implements: Node, description: 'Goods on their way from one location to another.' })
export class Transfer implements Omit<TransferView, 'id' | 'from' | 'to'> {
  @Field(() => TransferStatus) status!: TransferView['status']
  @Field(() => [TransferLine]) lines!: TransferLine[]
  @Field(() => String, { nullable: true }) reference!: string | null
  @Field(() => DateTime) dispatchedAt!: number
  @Field(() => DateTime, { nullable: true, description: 'When nothing of it was on its way any more.' }) completedAt!: number | null
  @Field(() => Int, { description: 'Grows by one with each event of this transfer; hand it to expectedVersion.' }) version!: number
}

export const TransferConnection = connectionOf('Transfer', Transfer)

@Resolver(() => Transfer)
export class TransferResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: TransferView): string {
    return streamName.transfer(id)
  }

  @FieldResolver(() => Location)
  async from(@Root() { from }: TransferView, @Ctx() { locations }: Context) {
    return locations.load(from)
  }

  @FieldResolver(() => Location)
  async to(@Root() { to }: TransferView, @Ctx() { locations }: Context) {
    return locations.load(to)
  }

  @Query(() => Transfer, { nullable: true })
  async transfer(@Arg('id', () => ID) id: string, @Ctx() { inventory }: Context): Promise<TransferView | undefined> {
    const { value: [found] } = await inventory.queries.transfers([uuidOf('transfer', id)])
    return found
  }

  @Query(() => TransferConnection, { description: 'In the order of dispatching. skus: in one of their lines; locations: where they come from or go to.' })
  async transfers(
    @Arg('statuses', () => [TransferStatus], { nullable: true }) statuses: TransferView['status'][] | null,
    @Arg('skus', () => [String], { nullable: true }) skus: string[] | null,
    @Arg('locations', () => [String], { nullable: true }) locations: string[] | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: PAGE_ITEMS }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { inventory }: Context,
  ) {
    const query = { ...pageRequest(first, after), ...(statuses && { statuses }), ...(skus && { skus }), ...(locations && { locations }) }
    return toConnection(await inventory.queries.transferPage(query))
  }
}
