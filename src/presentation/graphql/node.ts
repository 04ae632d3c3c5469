import { Field, ID, InterfaceType } from 'type-graphql'

/** What is asked for by its id alone says of which type it is. */
export interface Typed { readonly __typename: string }

@InterfaceType({ resolveType: ({ __typename }: Typed) => __typename })
export abstract class Node {
  @Field(() => ID) id!: string
}
