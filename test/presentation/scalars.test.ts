import { expect } from 'chai'
import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql'
import { Cursor, DateTime, JSONObject, SafeInt } from '../../src/presentation/graphql/scalars.ts'

type Scalar = Pick<GraphQLScalarType, 'name' | 'parseValue' | 'parseLiteral' | 'serialize'>

/** What the scalar makes of the value as a variable and as a literal in the query's text. */
const both = ({ parseValue: ofVariable, parseLiteral }: Scalar, literal: string, variable: unknown = JSON.parse(literal)): unknown[] =>
  [() => ofVariable(variable), () => parseLiteral(parseValue(literal))].map((parse) => {
    try {
      return parse()
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions.code === 'BAD_USER_INPUT') return error.message.split(' must be ')[0]
      throw error
    }
  })

describe('scalars', () => {
  for (const [literal, value] of [
    ['"2026-01-31T12:00:00Z"', '2026-01-31T12:00:00.000Z'],
    ['"2026-01-31T12:00:00.1239+01:00"', '2026-01-31T11:00:00.123Z'],
    ['"2026-01-31t12:00:00z"', '2026-01-31T12:00:00.000Z'],
    ['"2024-02-29T23:59:59-23:59"', '2024-03-01T23:58:59.000Z'],
    ['"0099-12-31T00:00:00Z"', '0099-12-31T00:00:00.000Z'],
  ] as const) {
    it(`reads DateTime ${literal} and writes ${value}`, () => {
      const [variable, inText] = both(DateTime, literal)
      expect([DateTime.serialize(variable), DateTime.serialize(inText)]).to.deep.equal([value, value])
    })
  }

  for (const literal of [
    '"2026-02-30T00:00:00Z"', '"2025-02-29T00:00:00Z"', '"2026-13-01T00:00:00Z"', '"2026-01-00T00:00:00Z"', '"2026-01-31T24:00:00Z"', '"2026-01-31T12:60:00Z"',
    '"2026-01-31T12:00:00"', '"2026-01-31"', '"2026-01-31 12:00:00Z"', '"2026-01-31T12:00Z"', '"2026-01-31T12:00:00+0100"', '"2026-01-31T12:00:00+24:00"',
    '" 2026-01-31T12:00:00Z"', '"0000-01-01T00:00:00+01:00"', '"9999-12-31T23:59:59-01:00"', '""', '"now"', '1767225600000', 'true', '[]', '{}',
  ]) {
    it(`refuses DateTime ${literal}`, () => { expect(both(DateTime, literal)).to.deep.equal(['DateTime', 'DateTime']) })
  }

  for (const value of [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    it(`reads SafeInt ${value}`, () => { expect(both(SafeInt, String(value))).to.deep.equal([value, value]) })
  }
  it('reads -0 as 0', () => { expect(both(SafeInt, '-0').map((value) => Object.is(value, 0))).to.deep.equal([true, true]) })
  for (const literal of ['1.5', '9007199254740992', '-9007199254740993', '1e400', '"1"', 'true', '[1]', '{}']) {
    it(`refuses SafeInt ${literal}`, () => { expect(both(SafeInt, literal)).to.deep.equal(['SafeInt', 'SafeInt']) })
  }

  it('reads a Cursor as it was given and in no other way', () => {
    const given = Buffer.from('log:12').toString('base64url')
    expect(both(Cursor, `"${given}"`)).to.deep.equal([given, given])
    for (const literal of [`"${given}="`, `" ${given}"`, '"bG9nOjEyIQ+/"', '"bG9nOjF"', '""', '12', 'null', '{}']) {
      expect(both(Cursor, literal), literal).to.deep.equal(['Cursor', 'Cursor'])
    }
  })

  it('reads a JSONObject with names that JavaScript has a meaning for as what they are, and nothing else than objects', () => {
    const [variable, inText] = both(JSONObject, '{ __proto__: { a: 1 }, b: [null, "x"] }', JSON.parse('{ "__proto__": { "a": 1 }, "b": [null, "x"] }'))
    expect(JSON.stringify(variable)).to.equal('{"__proto__":{"a":1},"b":[null,"x"]}').and.equal(JSON.stringify(inText))
    for (const literal of ['"{}"', '[]', '1', 'null', 'true']) expect(both(JSONObject, literal), literal).to.deep.equal(['JSONObject', 'JSONObject'])
  })
})
