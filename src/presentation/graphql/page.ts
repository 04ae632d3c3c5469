import { type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { GraphQLError } from 'graphql'
import type { Page } from '../../application/views.ts'
import type { PageRequest } from '../../application/read-model.ts'

export const PAGE_ITEMS_MAX = 200

@ObjectType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean
  @Field(() => Boolean) hasPreviousPage!: boolean
  @Field(() => String, { nullable: true }) startCursor!: string | null
  @Field(() => String, { nullable: true }) endCursor!: string | null
}

export interface EdgeShape<Item> { readonly cursor: string; readonly node: Item }

export interface ConnectionShape<Item> {
  readonly edges: EdgeShape<Item>[]
  readonly nodes: Item[]
  readonly pageInfo: PageInfo
  readonly totalCount: number
  readonly position: number
}

/** A Relay edge and connection of these nodes. */
export function connectionOf<Item extends object>(name: string, node: ClassType<Item>) {
  @ObjectType(`${name}Edge`)
  class Edge implements EdgeShape<Item> {
    @Field(() => String) cursor!: string
    @Field(() => node) node!: Item
  }
  @ObjectType(`${name}Connection`)
  class Connection implements ConnectionShape<Item> {
    @Field(() => [Edge]) edges!: Edge[]
    @Field(() => [node]) nodes!: Item[]
    @Field(() => PageInfo) pageInfo!: PageInfo
    @Field(() => Int) totalCount!: number
    position!: number
  }
  return Connection
}

export function toConnection<Item>({ items, cursors, hasNextPage, hasPreviousPage, totalCount, position }: Page<Item>): ConnectionShape<Item> {
  return {
    nodes: [...items],
    edges: items.map((node, index) => ({ cursor: cursors[index] ?? '', node })),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null },
    totalCount,
    position,
  }
}

export function pageRequest(first: number, after: string | undefined | null): PageRequest {
  if (first < 1 || first > PAGE_ITEMS_MAX) {
    throw new GraphQLError(`first must be from 1 to ${PAGE_ITEMS_MAX}.`, { extensions: { code: 'BAD_USER_INPUT' } })
  }
  return { first, ...(after != null && { after }) }
}
