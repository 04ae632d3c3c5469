/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import type { Inventory } from '../../src/application/inventory.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const LEVEL = 'id version cursor stale product { name } location { code } quantities { onHand available }'

/** With nothing at hand: all is asked for. */
const counted = ({ atHand: _atHand, ...queries }: Inventory['queries'], onRead: (name: string) => void): Inventory['queries'] =>
  Object.fromEntries(Object.entries(queries).map(([name, read]) => [name, (asked: never) => (onRead(name), (read as (asked: never) => unknown)(asked))])) as never

describe('GraphQL queries', () => {
  let server: TestServer
  /** The names of all that was read, one after the other. */
  const reads: string[] = []

  before(async () => {
    server = await openTestServer((inventory) => ({ ...inventory, queries: counted(inventory.queries, (name) => { reads.push(name) }) }))
    for (const sku of ['A', 'B', 'C/@:']) await server.mutate('registerProduct', { sku, name: `Name of ${sku}` })
    for (const code of ['LIS', 'POR']) await server.mutate('openLocation', { code, name: code })
    await server.mutate('addStock', { sku: 'A', location: 'LIS', quantity: 10, reference: 'order-1', note: 'two boxes', occurredAt: '2026-01-01T10:00:00+01:00' })
    await server.mutate('addStock', { sku: 'A', location: 'POR', quantity: 5, occurredAt: '2026-01-02T00:00:00Z' })
    await server.mutate('removeStock', { sku: 'A', location: 'LIS', quantity: 3, reason: 'SOLD', occurredAt: '2026-01-03T00:00:00Z' })
    await server.mutate('addStock', { sku: 'C/@:', location: 'LIS', quantity: 7 })
  })

  after(() => server.close())

  const events = async (args: string, selection = 'nodes { type sku location } edges { cursor node { cursor } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }') =>
    (await server.data(`{ events${args && `(${args})`} { ${selection} } }`)).events
  const refusal = async (query: string) => (await server.ask(query)).errors?.map(({ extensions, message }) => [extensions.code, message])

  it('shows the audit trail forwards, page by page, and knows both ends', async () => {
    const cursors: string[] = []
    let after = ''
    for (const [size, hasPreviousPage, hasNextPage] of [[4, false, true], [4, true, true], [1, true, false]] as const) {
      const page = await events(`first: 4${after && `, after: "${after}"`}`)
      expect(page.nodes).to.have.length(size)
      expect(page.pageInfo).to.include({ hasPreviousPage, hasNextPage, startCursor: page.edges[0].cursor, endCursor: page.edges.at(-1).cursor })
      cursors.push(...page.edges.map((edge: { cursor: string; node: { cursor: string } }) => (expect(edge.node.cursor).to.equal(edge.cursor), edge.cursor)))
      after = page.pageInfo.endCursor
    }
    expect(new Set(cursors).size).to.equal(9)
    const beyond = await events(`after: "${after}"`)
    expect(beyond).to.deep.include({ nodes: [], pageInfo: { hasPreviousPage: true, hasNextPage: false, startCursor: null, endCursor: null } })
  })

  it('shows the audit trail from its end, still oldest first', async () => {
    const end = await events('last: 2')
    expect(end.nodes.map(({ type, sku }: { type: string; sku: string }) => [type, sku])).to.deep.equal([['StockRemoved', 'A'], ['StockAdded', 'C/@:']])
    expect(end.pageInfo).to.include({ hasPreviousPage: true, hasNextPage: false })
    const start = await events(`last: 200, before: "${end.pageInfo.startCursor}"`)
    expect(start.nodes).to.have.length(7)
    expect(start.pageInfo).to.include({ hasPreviousPage: false, hasNextPage: true })
  })

  it('filters the audit trail; null says the same as absent', async () => {
    const count = async (filter: string) => (await events(`filter: ${filter}`)).nodes.length
    expect(await count('{ types: ["StockAdded"], skus: ["A"], locations: null }')).to.equal(2)
    expect(await count('{ locations: ["POR"] }')).to.equal(2)
    expect(await count('{ reference: "order-1" }')).to.equal(1)
    expect(await count('{ types: [] }')).to.equal(0)
    expect(await count('{ recordedFrom: "2999-01-01T00:00:00Z" }')).to.equal(0)
    expect(await count('{ recordedTo: "2999-01-01T00:00:00Z", correlationId: null }')).to.equal(9)
  })

  it('shows every field of an event', async () => {
    const { nodes: [event] } = await events('filter: { reference: "order-1" }', `nodes {
      id cursor type stream version occurredAt recordedAt sku location data actor reason reference note correlationId causationId }`)
    expect(event).to.deep.include({
      type: 'StockAdded', stream: 'stock:A@LIS', version: 1, occurredAt: '2026-01-01T09:00:00.000Z', sku: 'A', location: 'LIS',
      data: { quantity: 10, reason: 'RECEIVED' }, actor: null, reason: 'RECEIVED', reference: 'order-1', note: 'two boxes', causationId: null,
    })
    expect(event.recordedAt).to.match(/^\d{4}-.*\.\d{3}Z$/)
    expect((await server.data('query($id: ID!) { node(id: $id) { __typename id ... on Event { cursor type } } }', { id: event.id })).node)
      .to.deep.equal({ __typename: 'Event', id: event.id, cursor: event.cursor, type: 'StockAdded' })
  })

  it('refuses pages that make no sense', async () => {
    for (const args of ['first: 1, last: 1', 'first: 0', 'first: 201', 'last: 0', 'last: -1', 'after: "x"', 'before: "b3RoZXI6MQ"']) {
      expect((await refusal(`{ events(${args}) { nodes { id } } }`))?.[0]?.[0], args).to.equal('BAD_USER_INPUT')
    }
    const skus = JSON.stringify(Array.from({ length: 1_001 }, (_, index) => `S${index}`))
    expect(await refusal(`{ events(filter: { skus: ${skus} }) { nodes { id } } }`)).to.deep.equal([['BAD_USER_INPUT', 'skus must contain no more than 1000 elements']])
    expect(await refusal(`{ stockLevels(filter: { search: "${'x'.repeat(201)}" }) { totalCount } }`))
      .to.deep.equal([['BAD_USER_INPUT', 'search must be shorter than or equal to 200 characters']])
  })

  it('shows a stock level\'s history, from a moment of business time to before another', async () => {
    const history = async (args: string) => {
      const { stockLevel } = await server.data(`{ stockLevel(sku: "A", location: "LIS") { history${args} { nodes { type occurredAt } pageInfo { hasNextPage endCursor } } } }`)
      return stockLevel.history
    }
    const types = async (args: string) => (await history(args)).nodes.map(({ type }: { type: string }) => type)
    expect(await types('')).to.deep.equal(['StockAdded', 'StockRemoved'])
    expect(await types('(from: "2026-01-03T00:00:00Z")')).to.deep.equal(['StockRemoved'])
    expect(await types('(to: "2026-01-03T00:00:00Z")')).to.deep.equal(['StockAdded'])
    const { pageInfo } = await history('(first: 1)')
    expect(pageInfo.hasNextPage).to.equal(true)
    expect(await types(`(first: 1, after: "${pageInfo.endCursor}")`)).to.deep.equal(['StockRemoved'])
  })

  it('finds every node by its id, and nothing by what is no id', async () => {
    for (const [query, type] of [
      ['product(sku: "C/@:")', 'Product'], ['location(code: "LIS")', 'Location'], ['stockLevel(sku: "C/@:", location: "LIS")', 'StockLevel'],
    ] as const) {
      const { found: { id } } = await server.data(`{ found: ${query} { id } }`)
      expect((await server.data('query($id: ID!) { node(id: $id) { __typename id } }', { id })).node).to.deep.equal({ __typename: type, id })
    }
    const ids = ['', ':', 'product:', 'product:NONE', 'product:A@B', 'product:%', 'product:%41', 'stock:A', 'stock:A@LIS@X', 'stock:A@NONE', 'toString:A',
      '__proto__:A', 'constructor:A', 'product:\ud800', '00000000-0000-7000-8000-000000000000', 'A', 'webhook:1', 'Product:A']
    for (const id of ids) expect(await server.data('query($id: ID!) { node(id: $id) { id } }', { id }), id).to.deep.equal({ node: null })
  })

  it('adds up a product, and lists the stock of a product and of a location', async () => {
    const { product, location } = await server.data(`{
      product(sku: "A") { totals { onHand available availableToPromise } stockLevels(first: 1) { totalCount nodes { location { code } } pageInfo { hasNextPage } } }
      location(code: "LIS") { stockLevels { nodes { product { sku } quantities { onHand } stale } cursor } }
    }`)
    expect(product.totals).to.deep.equal({ onHand: 12, available: 12, availableToPromise: 12 })
    expect(product.stockLevels).to.deep.equal({ totalCount: 2, nodes: [{ location: { code: 'LIS' } }], pageInfo: { hasNextPage: true } })
    expect(location.stockLevels.nodes).to.deep.equal([
      { product: { sku: 'A' }, quantities: { onHand: 7 }, stale: false },
      { product: { sku: 'C/@:' }, quantities: { onHand: 7 }, stale: false },
    ])
  })

  it('shows what the server runs and how far it has got', async () => {
    const { system } = await server.data('{ system { version cursor readCursor lag breakers { name state failures } subscribers } }')
    expect(system).to.include({ version: '1.2.3', lag: 0, subscribers: 0, readCursor: system.cursor })
    expect((await events('last: 1')).pageInfo.endCursor).to.equal(system.cursor)
  })

  it('shows with every stock level the place of the log that it stands at', async () => {
    const { system } = await server.data('{ system { cursor } }')
    const { stockLevels } = await server.data(`{ stockLevels(first: 1) { cursor nodes { ${LEVEL} } } }`)
    expect(stockLevels.cursor).to.equal(system.cursor)
    expect(stockLevels.nodes[0]).to.include({ cursor: system.cursor, stale: false, version: 2 })
    const { cursor, stockLevel } = await server.mutate('addStock', { sku: 'B', location: 'POR', quantity: 1 }, `stockLevel { ${LEVEL} }`)
    expect(stockLevel.cursor).to.equal(cursor)
    const unchanged = await server.mutate('setStockPolicy', { sku: 'B', location: 'POR', safetyStock: 0 }, 'stockLevel { cursor version }')
    expect(unchanged).to.deep.include({ cursor: null, stockLevel: { cursor, version: 1 } })
  })

  it('answers atLeast a cursor with what was written there, and refuses cursors that it did not give', async () => {
    const { cursor } = await server.mutate('addStock', { sku: 'B', location: 'LIS', quantity: 4 })
    const { stockLevel, stockLevels } = await server.data(`query($atLeast: Cursor) {
      stockLevel(sku: "B", location: "LIS", atLeast: $atLeast) { quantities { onHand } }
      stockLevels(filter: { skus: ["B"], locations: ["LIS"] }, atLeast: $atLeast) { nodes { quantities { onHand } } }
    }`, { atLeast: cursor })
    expect([stockLevel, stockLevels.nodes[0]]).to.deep.equal([{ quantities: { onHand: 4 } }, { quantities: { onHand: 4 } }])
    for (const other of ['', 'x', `${cursor}=`, `${cursor} `, 'b3RoZXI6MQ']) {
      expect((await refusal(`{ stockLevels(atLeast: "${other}") { totalCount } }`))?.[0]?.[0], other).to.equal('BAD_USER_INPUT')
    }
  })

  it('answers UNAVAILABLE where it is asked for a place that does not come', async () => {
    const { logId, head } = server.test.inventory.status()
    const ahead = Buffer.from(`${logId}:${head + 1}`).toString('base64url')
    expect((await refusal(`{ stockLevel(sku: "A", location: "LIS", atLeast: "${ahead}") { version } }`))?.[0]?.[0]).to.equal('UNAVAILABLE')
  })

  it('takes null for a default as the default', async () => {
    const { stockLevels } = await server.data('{ stockLevels(first: null, orderBy: null, direction: null, filter: { skus: null, search: null }) { nodes { id } } }')
    expect(stockLevels.nodes[0].id).to.equal('stock:A@LIS')
  })

  it('reads products anew after each command of a request', async () => {
    const answer = await server.data(`mutation {
      a: addStock(input: { sku: "B", location: "LIS", quantity: 1 }) { stockLevel { product { name } } }
      updateProduct(input: { sku: "B", name: "Newer" }) { replayed }
      b: addStock(input: { sku: "B", location: "LIS", quantity: 1 }) { stockLevel { product { name } } }
    }`)
    expect([answer.a.stockLevel.product.name, answer.b.stockLevel.product.name]).to.deep.equal(['Name of B', 'Newer'])
  })

  it('takes a fixed number of reads for a page, however long', async () => {
    const readsOf = async (query: string): Promise<string[]> => {
      reads.length = 0
      await server.data(query)
      return reads.toSorted()
    }
    expect(await readsOf('{ stockLevels { nodes { product { name totals { onHand } } location { name } } } }'))
      .to.deep.equal(['locations', 'products', 'stockPage', 'totals'])
    expect(await readsOf('{ products { nodes { totals { onHand } } } }')).to.deep.equal(['productPage', 'totals'])
    expect(await readsOf('{ locations { nodes { totals { onHand } } } }')).to.deep.equal(['locationPage', 'locationTotals'])
  })
})
