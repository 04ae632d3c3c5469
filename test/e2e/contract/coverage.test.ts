import { expect } from 'chai'
import { buildSchema } from 'graphql'
import { Coverage } from './coverage.ts'

const schema = buildSchema(`
  interface Node { id: ID! }
  type Cup implements Node { id: ID! colour: String size: Int! }
  type Jug implements Node { id: ID! litres: Int }
  type Payload { cup: Cup userErrors: [Problem!]! }
  type Problem { message: String! }
  input Filter { colours: [String!] bigger: Bound }
  input Bound { than: Int! }
  type Query { cups(filter: Filter, first: Int): [Cup!]! node(id: ID!): Node }
  type Mutation { paint(id: ID!, colour: String): Payload! }
`)

type Note = Readonly<Parameters<Coverage['note']>>

const missing = (...notes: Note[]): string[] => {
  const coverage = new Coverage(schema)
  for (const note of notes) coverage.note(...note)
  return coverage.missing()
}

const everything = missing()

describe('coverage of the contract', () => {
  it('misses everything where nothing is asked', () => {
    expect(everything).to.have.members([
      'Node.id', 'Cup.id', 'Cup.colour', 'Cup.size', 'Jug.id', 'Jug.litres', 'Payload.cup', 'Payload.userErrors', 'Problem.message',
      'Filter.colours', 'Filter.bigger', 'Bound.than', 'Query.cups', 'Query.cups(filter)', 'Query.cups(first)', 'Query.node', 'Query.node(id)',
      'Mutation.paint', 'Mutation.paint(id)', 'Mutation.paint(colour)',
    ])
  })

  for (const [what, note, covered] of [
    ['null and an empty list are no answer', ['{ cups { colour } node(id: 1) { id } }', {}, { cups: [], node: null }], []],
    ['null in each item is no answer', ['{ cups { colour size } }', {}, { cups: [{ colour: null, size: 1 }, { colour: null, size: 2 }] }], ['Query.cups', 'Cup.size']],
    ['one item is enough', ['{ all: cups { hue: colour } }', {}, { all: [{ hue: null }, { hue: 'red' }] }], ['Query.cups', 'Cup.colour']],
    ['an interface\'s field is its own', ['{ node(id: 1) { id } }', {}, { node: { id: '1' } }], ['Query.node', 'Query.node(id)', 'Node.id']],
    ['a fragment is of its type', [
      'query($id: ID!) { node(id: $id) { __typename ...cup ... on Jug { id litres } } } fragment cup on Cup { id }', { id: 1 }, { node: { __typename: 'Jug', id: '1', litres: 2 } },
    ], ['Query.node', 'Query.node(id)', 'Jug.id', 'Jug.litres']],
    ['null is not given', ['query($first: Int) { cups(filter: null, first: $first) { size } }', { first: null }, { cups: [{ size: 1 }] }], ['Query.cups', 'Cup.size']],
    ['what is given in variables and in the text', [
      'query($filter: Filter) { cups(filter: $filter, first: 2) { size } }', { filter: { colours: null, bigger: { than: 1 } } }, { cups: [{ size: 1 }] },
    ], ['Query.cups', 'Cup.size', 'Query.cups(filter)', 'Query.cups(first)', 'Filter.bigger', 'Bound.than']],
    ['what is refused was not honoured', [
      'mutation { paint(id: 1, colour: "red") { userErrors { message } cup { id } } }', {}, { paint: { userErrors: [{ message: 'No.' }], cup: null } },
    ], ['Mutation.paint', 'Payload.userErrors', 'Problem.message']],
  ] as const) {
    it(`knows that ${what}`, () => {
      expect(everything.filter((place) => !missing(note).includes(place))).to.have.members([...covered])
    })
  }
})
