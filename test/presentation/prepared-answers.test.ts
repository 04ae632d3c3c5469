import { expect } from 'chai'
import { openTestServer, type TestServer } from './test-server.ts'

const LEVEL = 'fragment Level on StockLevel { id product { sku name totals { onHand } } location { code timeZone } quantities { onHand reserved available availableToPromise } isLow version stale }'
const ADD = 'mutation ($input: AddStockInput!) { addStock(input: $input) { stockLevel { version } userErrors { code message field details } cursor replayed } }'

/** A document, and variables of which the last are those whose answers are compared. */
const CASES: readonly (readonly [what: string, query: string, variables?: object, operationName?: string])[] = [
  ['a point query', `query ($sku: String!) { stockLevel(sku: $sku, location: "LIS") { ...Level } } ${LEVEL}`, { sku: 'TEA' }],
  ['a null', 'query ($sku: String!) { stockLevel(sku: $sku, location: "LIS") { version } }', { sku: 'NONE' }],
  ['a page', `query ($first: Int = 2, $by: StockOrder!) { stockLevels(first: $first, orderBy: $by) { totalCount cursor nodes { ...Level } edges { cursor } pageInfo { hasNextPage endCursor } } } ${LEVEL}`, { by: 'ON_HAND' }],
  ['aliases, an interface and a type name', '{ __typename a: product(sku: "TEA") { id __typename } b: product(sku: "MUG") { name attributes barcode } }'],
  ['what is included and what is skipped', 'query ($yes: Boolean!) { product(sku: "TEA") { sku @include(if: $yes) name @skip(if: $yes) ... @include(if: $yes) { unit } } }', { yes: true }],
  ['one operation of two', 'query A { product(sku: "TEA") { sku } } query B { product(sku: "MUG") { name } }', {}, 'B'],
  ['a node by its id', 'query ($id: ID!) { node(id: $id) { __typename id ... on Product { name } } }', { id: 'product:TEA' }],
  ['events with their data', '{ events(last: 3) { nodes { type version data stream sku location } pageInfo { hasPreviousPage } } }'],
  ['a basket', 'query ($lines: [LineInput!]!) { checkAvailability(lines: $lines) { isAvailable stale lines { sku requested availableToPromise sourcing { location quantity } } } }', { lines: [{ sku: 'TEA', quantity: 3 }] }],
  ['the schema', '{ __schema { queryType { name } } __type(name: "Product") { name fields { name type { kind ofType { name } } } } }'],
  ['a command that is refused', ADD, { input: { sku: 'NONE', location: 'LIS', quantity: 1 } }],
  ['a command that is refused at the edge', ADD, { input: { sku: ' TEA', location: 'LIS', quantity: 0 } }],
]

/** Their answers hold errors, so that only another answer of the document lets it be prepared. */
const FAILING: readonly (readonly [what: string, query: string, good: object, bad: object])[] = [
  ['a variable that is missing', CASES[0]![1], { sku: 'TEA' }, {}],
  ['a variable of the wrong type', 'query ($first: Int!) { products(first: $first) { totalCount } }', { first: 1 }, { first: 'one' }],
  ['an enum value that there is not', 'query ($by: StockOrder!) { stockLevels(orderBy: $by) { totalCount } }', { by: 'SKU' }, { by: 'COLOUR' }],
  ['a cursor that is none', 'query ($after: String) { products(after: $after) { totalCount } }', {}, { after: 'x' }],
  ['a page that is too large', 'query ($n: Int) { a: products(first: 1) { totalCount } products(first: $n) { totalCount } }', { n: 1 }, { n: 1_000 }],
  ['an input with a field too many', ADD, { input: { sku: 'NONE', location: 'LIS', quantity: 1 } }, { input: { sku: 'TEA', location: 'LIS', quantity: 1, colour: 'red' } }],
  ['a quantity that is a fraction', ADD, { input: { sku: 'NONE', location: 'LIS', quantity: 1 } }, { input: { sku: 'TEA', location: 'LIS', quantity: 1.5 } }],
]

describe('a prepared document', () => {
  let server: TestServer

  before(async () => {
    server = await openTestServer(undefined, { prepareAfter: 2 })
    for (const [sku, name] of [['TEA', 'Green tea'], ['MUG', 'Mug «blue»'], ['POT', 'Pot']]) await server.mutate('registerProduct', { sku, name })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon', timeZone: 'Europe/Lisbon' })
    for (const sku of ['TEA', 'MUG', 'POT']) await server.mutate('addStock', { sku, location: 'LIS', quantity: 40 })
  })

  after(() => server.close())

  async function answerOf(body: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'x-correlation-id': 'one', ...headers },
    })
    return { status: response.status, headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'date')), text: await response.text() }
  }

  async function preparedAnswers(): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(/^stockstream_graphql_prepared_total (\d+)$/m.exec(text)?.[1])
  }

  /** The same question in a text that was never sent before. */
  const anew = (query: string): string => `${query} # ${Math.random()}`

  for (const [what, query, variables, operationName] of CASES) {
    it(`gives the same answer, headers and all, for ${what}`, async () => {
      const ask = (text: string) => answerOf({ query: text, variables, operationName })
      for (let time = 1; time <= 2; time++) await ask(query)
      const before = await preparedAnswers()
      const prepared = await ask(query)
      expect(await preparedAnswers(), 'the document was not prepared').to.equal(before + 1)
      expect(prepared).to.deep.equal(await ask(anew(query)))
    })
  }

  for (const [what, query, good, bad] of FAILING) {
    it(`refuses in the same words ${what}`, async () => {
      for (let time = 1; time <= 2; time++) await answerOf({ query, variables: good })
      const before = await preparedAnswers()
      await answerOf({ query, variables: good })
      expect(await preparedAnswers(), 'the document was not prepared').to.equal(before + 1)
      const refused = await answerOf({ query, variables: bad })
      expect(refused.text).to.include('errors')
      expect(refused).to.deep.equal(await answerOf({ query: anew(query), variables: bad }))
    })
  }

  it('does what it says each time', async () => {
    for (let time = 1; time <= 4; time++) await server.data(ADD, { input: { sku: 'POT', location: 'LIS', quantity: 1 } })
    expect(await server.data('{ stockLevel(sku: "POT", location: "LIS") { version quantities { onHand } } }'))
      .to.deep.equal({ stockLevel: { version: 5, quantities: { onHand: 44 } } })
  })

  it('is left to Apollo Server where the client wants another type, or may be a form of another site', async () => {
    const body = { query: '{ products(first: 1) { totalCount } }' }
    for (let time = 1; time <= 3; time++) await answerOf(body)
    const before = await preparedAnswers()
    expect((await answerOf(body, { accept: 'application/graphql-response+json' })).headers['content-type']).to.include('graphql-response+json')
    expect((await answerOf(body, { 'content-type': 'text/plain' })).status).to.equal(400)
    expect(await preparedAnswers()).to.equal(before)
  })

  for (const [when, prepareAfter, prepared] of [['the first answer', 1, 2], ['no answer', Infinity, 0]] as const) {
    it(`is made after ${when} where the server is told so`, async () => {
      const told = await openTestServer(undefined, { prepareAfter })
      for (let time = 1; time <= 3; time++) await told.data('{ products(first: 1) { totalCount } }')
      const metrics = await (await fetch(`${told.url}/metrics`)).text()
      await told.close()
      expect(metrics).to.match(new RegExp(`^stockstream_graphql_prepared_total ${prepared}$`, 'm'))
    })
  }
})
