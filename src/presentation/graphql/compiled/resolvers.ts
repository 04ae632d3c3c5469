/**
 * Before each call of a resolver, type-graphql looks up where its parameters come from, copies its inputs into
 * instances of their classes, and has class-validator look up their rules. Here that is looked up once.
 */
import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { GraphQLObjectType } from 'graphql'
import type { MiddlewareFn, ResolverData } from 'type-graphql'
import type { Context } from '../context.ts'
import { type Accepts, acceptsOf, type Input } from './inputs.ts'

type Field = GraphQLField<unknown, Context>
type Resolve = GraphQLFieldResolver<unknown, Context>
type Values = readonly unknown[]
type Storage = typeof globalThis.TypeGraphQLMetadataStorage
type Handler = Storage['queries'][number] | Storage['fieldResolvers'][number]
type Param = NonNullable<Handler['params']>[number]

/** Raised where a value has to go the long way: type-graphql then says what is wrong with it. */
const REFUSED = Symbol()
type Source = (root: unknown, args: Readonly<Record<string, unknown>>, context: Context) => unknown

/** Lets the fields of a schema that type-graphql has built of these classes be resolved with what was looked up before. */
export function compileResolvers(schema: GraphQLSchema, resolvers: readonly unknown[]): void {
  const { objectTypes, ...handlers } = globalThis.TypeGraphQLMetadataStorage
  const ofThese = <Of extends Handler>(all: readonly Of[]): readonly Of[] => all.filter(({ target }) => resolvers.includes(target))
  const nameOf = (target: unknown): string => objectTypes.find((type) => type.target === target)?.name ?? ''
  for (const handler of ofThese(handlers.queries)) compile(fieldOf(schema, 'Query', handler.schemaName), handler)
  for (const handler of ofThese(handlers.mutations)) compile(fieldOf(schema, 'Mutation', handler.schemaName), handler)
  for (const handler of ofThese(handlers.fieldResolvers)) {
    if (handler.kind === 'external') compile(fieldOf(schema, nameOf(handler.getObjectType?.()), handler.schemaName), handler)
  }
}

function fieldOf(schema: GraphQLSchema, typeName: string, name: string): Field | undefined {
  const type = schema.getType(typeName)
  return type instanceof GraphQLObjectType ? type.getFields()[name] : undefined
}

function compile(field: Field | undefined, { target, methodName, params = [], middlewares = [] }: Handler): void {
  const sources = params.toSorted((one, other) => one.index - other.index).map(sourceOf)
  const [middleware, ...more] = middlewares
  if (!field?.resolve || !sources.every((source) => source !== undefined) || more.length > 0 || middleware?.prototype !== undefined) return
  const resolver = new (target as new () => Readonly<Record<string, (...values: Values) => unknown>>)()
  const call = (values: Values): unknown => resolver[methodName]?.(...values)
  field.resolve = resolving(field.resolve, sources, middleware ? through(middleware as MiddlewareFn<Context>, call) : call)
}

type Call = (values: Values, data: ResolverData<Context>) => unknown

const through = (middleware: MiddlewareFn<Context>, call: (values: Values) => unknown): Call =>
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is the middleware's to see
  (values, data) => middleware(data, async () => call(values))

function resolving(theLongWay: Resolve, sources: readonly Source[], call: Call): Resolve {
  return (root, args: Readonly<Record<string, unknown>>, context, info) => {
    const values: unknown[] = []
    for (const source of sources) {
      const value = source(root, args, context)
      if (value === REFUSED) return theLongWay(root, args, context, info)
      values.push(value)
    }
    return call(values, { root, args, context, info })
  }
}

/** Undefined where type-graphql does more than to look there. */
function sourceOf(param: Param): Source | undefined {
  switch (param.kind) {
    case 'root': return param.propertyName === undefined && !param.getType ? (root) => root : undefined
    case 'context': return param.propertyName === undefined ? (_root, _args, context) => context : undefined
    case 'arg': return param.validateFn || param.validateSettings !== undefined ? undefined : argumentOf(param.name, param.getType())
    default: return undefined
  }
}

function argumentOf(name: string, type: unknown): Source | undefined {
  const isInput = globalThis.TypeGraphQLMetadataStorage.inputTypes.some(({ target }) => target === type)
  if (!isInput) return (_root, args) => args[name]
  const accepts = acceptsOf(type as Input)
  return accepts && ((_root, args) => (isAccepted(args[name], accepts) ? args[name] : REFUSED))
}

const isAccepted = (value: unknown, accepts: Accepts): boolean =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value) && accepts(value))
