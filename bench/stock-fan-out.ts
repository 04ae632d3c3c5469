/** The same subscription on type-graphql and graphql-ws as their documents show them: what a fan-out is measured against. */
import 'reflect-metadata'
import { useServer } from 'graphql-ws/use/ws'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Arg, buildSchema, Field, Int, ObjectType, type PubSub, Query, Resolver, Root, Subscription } from 'type-graphql'
import { WebSocketServer } from 'ws'

@ObjectType() class Product { @Field(() => String) sku!: string; @Field(() => String) name!: string }
@ObjectType() class Location { @Field(() => String) code!: string }
@ObjectType() class Quantities { @Field(() => Int) onHand!: number; @Field(() => Int) reserved!: number; @Field(() => Int) available!: number }
@ObjectType() class StockLevel {
  @Field(() => Int) version!: number
  @Field(() => Product) product!: Product
  @Field(() => Location) location!: Location
  @Field(() => Quantities) quantities!: Quantities
}
@ObjectType() class StockChange {
  @Field(() => String) cursor!: string
  @Field(() => Int) onHandDelta!: number
  @Field(() => StockLevel) stockLevel!: StockLevel
}

@Resolver()
class StockChanges {
  @Query(() => Int) version(): number { return 1 }

  @Subscription(() => StockChange, { topics: 'stock' })
  stockChanged(@Arg('skus', () => [String]) _skus: string[], @Root() change: StockChange): StockChange { return change }
}

const listeners = new Set<(change: StockChange) => void>()
const pubSub: PubSub = {
  publish: (_topic, change: StockChange) => { for (const listener of listeners) listener(change) },
  subscribe: () => followed(),
}

async function* followed(): AsyncGenerator<StockChange> {
  const waiting: StockChange[] = []
  let wake: () => void = () => undefined
  const listener = (change: StockChange): void => { waiting.push(change); wake() }
  listeners.add(listener)
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next
      await new Promise<void>((resolve) => { wake = resolve })
    }
  } finally {
    listeners.delete(listener)
  }
}

const schema = await buildSchema({ resolvers: [StockChanges], pubSub, validate: false })
let version = 0
const server = createServer((_request, response) => {
  version += 1
  const quantities = { onHand: version, reserved: 0, available: version }
  const stockLevel = { version, product: { sku: 'SKU-00001', name: 'Product number 1' }, location: { code: 'LIS' }, quantities }
  pubSub.publish('stock', { cursor: 'MDAwMDAwMDAtMDAwMC03MDAwOjEyMzQ1Njc', onHandDelta: 1, stockLevel })
  response.end()
})
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }))
server.listen(0, '127.0.0.1', () => { process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`) })
process.once('SIGTERM', () => { process.exit() })
