import { Field, ID, InterfaceType } from 'type-graphql'

/** As ids are written; those of the log are of version 7. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What is asked for by its id alone says of which type it is. */
export interface Typed { readonly __typename: string }

@InterfaceType({ resolveType: ({ __typename }: Typed) => __typename })
export abstract class Node {
  @Field(() => ID) id!: string
}
