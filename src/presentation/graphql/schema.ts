import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchema } from 'type-graphql'
import { LocationResolver } from './location.ts'
import { ProductResolver } from './product.ts'
import { StockCommandResolver } from './stock-commands.ts'
import { StockLevelConnectionResolver, StockLevelResolver } from './stock-level.ts'

export async function createSchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [ProductResolver, LocationResolver, StockLevelResolver, StockLevelConnectionResolver, StockCommandResolver],
    orphanedTypes: [],
    // The domain checks what comes in; a second check here would say the same in other words.
    validate: false,
  })
}

/** The schema as schema/schema.graphql holds it. */
export const printed = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`
