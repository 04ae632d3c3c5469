import { type ClassType, Field, Int, ObjectType } from 'type-graphql'
import { GraphQLError } from 'graphql'
import type { PageRequest } from '../../application/read-model.ts'
import type { Page } from '../../application/views.ts'

export const PAGE_ITEMS = 50
export const PAGE_ITEMS_MAX = 200
export const FILTER_VALUES_MAX = 1_000
export const SEARCH_CHARACTERS_MAX = 200

/** For types of which pages are full: their properties are read as they are, not through a resolver for each. */
export const DIRECT = { simpleResolvers: true } as const

@ObjectType(DIRECT)
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

/** A Relay edge to these nodes. */
export function edgeOf<Item extends object>(name: string, node: ClassType<Item>) {
  @ObjectType(`${name}Edge`, DIRECT)
  class Edge implements EdgeShape<Item> {
    @Field(() => String) cursor!: string
    @Field(() => node) node!: Item
  }
  return Edge
}

/** A Relay edge and connection of these nodes. */
export function connectionOf<Item extends object>(name: string, node: ClassType<Item>) {
  const Edge = edgeOf(name, node)
  @ObjectType(`${name}Connection`, DIRECT)
  class Connection implements ConnectionShape<Item> {
    @Field(() => [Edge]) edges!: EdgeShape<Item>[]
    @Field(() => [node]) nodes!: Item[]
    @Field(() => PageInfo) pageInfo!: PageInfo
    @Field(() => Int) totalCount!: number
    position!: number
  }
  return Connection
}

export function toConnection<Item>(page: Page<Item>): ConnectionShape<Item>
/** `as`: how its items are shown. */
export function toConnection<Item, Shown>(page: Page<Item>, as: (item: Item) => Shown): ConnectionShape<Shown>
export function toConnection<Item>(page: Page<Item>, as: (item: Item) => unknown = (item) => item): ConnectionShape<unknown> {
  const { cursors, hasNextPage, hasPreviousPage, totalCount, position } = page
  const nodes = page.items.map(as)
  return {
    nodes,
    edges: nodes.map((node, index) => ({ cursor: cursors[index] ?? '', node })),
    pageInfo: { hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null },
    totalCount,
    position,
  }
}

export const pageRequest = (first: number | null | undefined, after: string | null | undefined): PageRequest =>
  ({ first: pageItems(first), ...(after != null && { after }) })

/** How many items a page may have at the most; BAD_USER_INPUT names the argument that says another number. */
export function pageItems(count: number | null | undefined, argument = 'first'): number {
  const items = count ?? PAGE_ITEMS
  if (items >= 1 && items <= PAGE_ITEMS_MAX) return items
  throw badPage(`${argument} must be from 1 to ${PAGE_ITEMS_MAX}.`)
}

export const badPage = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

type Given<Filter> = { [Field in keyof Filter]?: NonNullable<Filter[Field]> }

/** In a filter, null says the same as absent. */
export const withoutNulls = <Filter extends object>(filter: Filter | null): Given<Filter> =>
  Object.fromEntries(Object.entries(filter ?? {}).filter(([, value]) => value !== null)) as Given<Filter>
