import fc, { type Arbitrary } from 'fast-check'
import {
  getNullableType, type GraphQLArgument, type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField,
} from 'graphql'

/** Names that there are, so that inputs get past the first check, and such as break what is careless. */
export interface Known { readonly texts: readonly string[]; readonly cursors: readonly string[] }

const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', '\u0000', '\ud800', '‮', '😀'.repeat(40), 'x'.repeat(5_000), '../../etc/passwd', "'; drop table events; --", '${1}', '%s%n', '-0', 'null']
const NUMBERS = [0, -0, 1, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e308, 0.1]
const MOMENTS = ['1970-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z', '2999-01-01T00:00:00Z', '2026-01-01T00:00:00+14:00']

const poisoned = (value: Arbitrary<unknown>): Arbitrary<object> =>
  fc.tuple(fc.constantFrom(...POISON), value).map((entry) => Object.fromEntries([entry]) as object)
const anything: Arbitrary<unknown> = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...POISON), fc.constantFrom(...NUMBERS), poisoned(fc.jsonValue({ maxDepth: 2 })))

/** Values of a type of the schema, now and then of none. */
export function inputOf(type: GraphQLInputType, known: Known): Arbitrary<unknown> {
  return fc.oneof({ weight: 14, arbitrary: goodOf(type, known) }, { weight: 1, arbitrary: anything })
}

/** Variables for these arguments; what may be left out is, now and then. */
export const variablesOf = (args: readonly GraphQLArgument[], known: Known): Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(args.map((arg) => [arg.name, inputOf(arg.type, known)])), { requiredKeys: args.filter(isRequiredArgument).map(({ name }) => name), noNullPrototype: true })

function goodOf(type: GraphQLInputType, known: Known): Arbitrary<unknown> {
  const nullable = getNullableType(type)
  if (!isNonNullType(type)) return fc.oneof({ weight: 9, arbitrary: goodOfNullable(nullable, known) }, { weight: 1, arbitrary: fc.constant(null) })
  return goodOfNullable(nullable, known)
}

function goodOfNullable(type: GraphQLInputType, known: Known): Arbitrary<unknown> {
  if (isListType(type)) return fc.array(inputOf(type.ofType, known), { maxLength: 4 })
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name))
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    return fc.record(Object.fromEntries(fields.map((field) => [field.name, inputOf(field.type, known)])), { requiredKeys: fields.filter(isRequiredInputField).map(({ name }) => name), noNullPrototype: true })
  }
  return scalarOf(String(type), known)
}

function scalarOf(name: string, { texts, cursors }: Known): Arbitrary<unknown> {
  switch (name) {
    case 'Boolean': return fc.boolean()
    case 'Int': case 'SafeInt': return fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -3, max: 300 }) }, { weight: 1, arbitrary: fc.constantFrom(...NUMBERS) })
    case 'String': case 'ID': return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...texts) }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }, { weight: 1, arbitrary: fc.constantFrom(...POISON) })
    case 'DateTime': return fc.oneof(fc.constantFrom(...MOMENTS), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()))
    case 'Cursor': return fc.oneof(fc.constantFrom(...cursors), fc.base64String(), fc.string())
    case 'JSONObject': return fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), poisoned(anything))
    default: throw new Error(`What ${name} takes is not said in arbitrary-input.ts.`)
  }
}
