import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { GraphQLJSONObject } from 'graphql-scalars'

const wrong = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

const textOf = (node: ValueNode): string | undefined => (node.kind === Kind.STRING ? node.value : undefined)

function safeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value === 0 ? 0 : value
  throw wrong('SafeInt must be a whole number from -9007199254740991 to 9007199254740991, without quotes, point or exponent.')
}

export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'Whole number from -(2^53 - 1) to 2^53 - 1. Quantities count the product\'s smallest unit.',
  serialize: safeInt,
  parseValue: safeInt,
  parseLiteral: (node) => safeInt(node.kind === Kind.INT ? Number(node.value) : undefined),
})

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i

/** JavaScript turns 30 February into 2 March. */
const isCalendarDate = (date: string): boolean => {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date)
}

/** What is written outside has a year of four digits, and so has what comes in. */
const isWritable = (time: number): boolean => !Number.isNaN(time) && /^\d{4}-/.test(new Date(time).toISOString())

function moment(value: unknown): number {
  const [text = '', date = ''] = (typeof value === 'string' ? RFC_3339.exec(value) : null) ?? []
  const time = isCalendarDate(date) ? Date.parse(text.toUpperCase()) : NaN
  if (isWritable(time)) return time
  throw wrong('DateTime must be an RFC 3339 instant of a real day with Z or an offset, such as 2026-01-31T12:00:00.000Z or 2026-01-31T13:00:00+01:00.')
}

/** Milliseconds since 1970 UTC inside, RFC 3339 outside. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant, UTC, millisecond precision.',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: moment,
  parseLiteral: (node) => moment(textOf(node)),
})

function cursor(value: unknown): string {
  if (typeof value === 'string' && value !== '' && Buffer.from(value, 'base64url').toString('base64url') === value) return value
  throw wrong('Cursor must be a text that this server gave, as it was given.')
}

export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: `A place in the event log: opaque, URL-safe. Hand it back as \`after\` to go on from it,
or as \`atLeast\` to read your own write from any node.`,
  serialize: String,
  parseValue: cursor,
  parseLiteral: (node) => cursor(textOf(node)),
})

const noObject = (): GraphQLError => wrong('JSONObject must be an object, such as {"colour": "red"}.')

export const JSONObject = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  description: 'A JSON object, such as {"colour": "red"}.',
  parseValue(value) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    throw noObject()
  },
  parseLiteral(node, variables) {
    if (node.kind === Kind.OBJECT) return GraphQLJSONObject.parseLiteral(node, variables)
    throw noObject()
  },
})
