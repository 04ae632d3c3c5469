import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLJSONObject } from 'graphql-scalars'

const wrong = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

function safeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw wrong('SafeInt must be a whole number from -9007199254740991 to 9007199254740991.')
}

export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'Whole number from -(2^53 - 1) to 2^53 - 1. Quantities count the product\'s smallest unit.',
  serialize: safeInt,
  parseValue: safeInt,
  parseLiteral: (node) => safeInt(node.kind === Kind.INT ? Number(node.value) : undefined),
})

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

function moment(value: unknown): number {
  const time = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : NaN
  if (!Number.isNaN(time)) return time
  throw wrong('DateTime must be an RFC 3339 instant, such as 2026-01-31T12:00:00.000Z.')
}

/** Milliseconds since 1970 UTC inside, RFC 3339 outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant, UTC, millisecond precision.',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: moment,
  parseLiteral: (node) => moment(node.kind === Kind.STRING ? node.value : undefined),
})

export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: 'A place in the event log: opaque, URL-safe.',
  serialize: String,
  parseValue: (value) => {
    if (typeof value === 'string') return value
    throw wrong('Cursor must be a text that this server gave.')
  },
})

export const JSONObject = GraphQLJSONObject
