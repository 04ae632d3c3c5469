import { expect } from 'chai'
import { parse } from 'graphql'
import { weigh } from '../../src/presentation/graphql/limits/weigh.ts'
import { createSchema } from '../../src/presentation/graphql/schema.ts'

const schema = await createSchema()

describe('the weight of a document', () => {
  for (const [query, depth, cost, fields, variables = {}] of [
    ['{ __typename }', 1, 1, 1],
    ['{ stockLevels(first: 200) { nodes { sku: id version } } }', 3, 601, 1],
    ['{ products(first: 100) { nodes { sku stockLevels(first: 50) { nodes { version } } } } }', 5, 10_301, 1],
    ['{ stockLevels { totalCount } }', 2, 51, 1],
    ['{ events(last: 7) { nodes { id } } }', 3, 15, 1],
    ['{ reservation(id: "1") { lines { sku quantity } } }', 3, 22, 1],
    ['query ($n: Int = 3) { products(first: $n) { totalCount } }', 2, 4, 1],
    ['query ($n: Int = 3) { products(first: $n) { totalCount } }', 2, 10, 1, { n: 9 }],
    ['query ($n: Int) { products(first: $n) { totalCount } }', 2, 51, 1, { n: null }],
    ['{ products(first: -5) { totalCount } }', 2, 2, 1],
    ['{ products(first: 1000000) { totalCount } }', 2, 201, 1],
    ['{ ...A ... { a: __typename } } fragment A on Query { ...B b: __typename } fragment B on Query { products(first: 2) { nodes { id } } }', 3, 7, 3],
    ['{ nothing { of { the: schema } } }', 3, 3, 1],
    ['query A { __typename } query B { system { lag version } }', 2, 3, 1],
    ['{ ...A } fragment A on Query { ...A a: __typename }', 1, 1, 1],
  ] as const) {
    it(`of ${query} ${JSON.stringify(variables)} is ${cost}, ${depth} deep`, () => {
      expect(weigh(schema, parse(query), variables)).to.deep.include({ depth, cost, fields })
    })
  }

  it('takes each fragment once, however often they double each other', () => {
    const chain = Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(' ')
    expect(weigh(schema, parse(`{ ...F0 } ${chain} fragment F60 on Query { __typename }`), {}).cost).to.equal(2 ** 60)
  })
})
