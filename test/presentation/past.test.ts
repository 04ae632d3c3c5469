/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-return -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { openTestServer, type TestServer } from './test-server.ts'

const A = { sku: 'A', location: 'LIS' }
const [JANUARY, FEBRUARY, MARCH] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'] as const
const THEN = 'query($asOf: DateTime, $knownAt: DateTime, $atLeast: Cursor)'
const MOMENT = 'asOf: $asOf, knownAt: $knownAt, atLeast: $atLeast'

describe('stock of a past moment', () => {
  let server: TestServer
  let delivered: string
  let counted: { readonly cursor: string; readonly recordedAt: string }
  let soldAt: string

  /** When the log took in its last event. */
  const lastRecordedAt = async (): Promise<string> => (await server.data('{ events(last: 1) { nodes { recordedAt } } }')).events.nodes[0].recordedAt

  /** Until the clock has moved on, so that what follows was recorded later. */
  async function later(): Promise<void> {
    const { clock } = server.test
    for (const from = clock.now(); clock.now() === from;) await new Promise(setImmediate)
  }

  const onHand = async (moment: object, key = A): Promise<number | null> => {
    const { stockLevel } = await server.data(`${THEN} { stockLevel(sku: "${key.sku}", location: "${key.location}", ${MOMENT}) { quantities { onHand } } }`, moment)
    return stockLevel === null ? null : stockLevel.quantities.onHand
  }
  const page = async (moment: object, args = '', selection = 'nodes { quantities { onHand } }') =>
    (await server.data(`${THEN} { stockLevels(${MOMENT}${args}) { totalCount ${selection} } }`, moment)).stockLevels

  before(async () => {
    server = await openTestServer()
    for (const sku of ['A', 'B']) await server.mutate('registerProduct', { sku, name: sku })
    for (const code of ['LIS', 'POR']) await server.mutate('openLocation', { code, name: code })
    delivered = (await server.mutate('addStock', { ...A, quantity: 10, occurredAt: JANUARY })).cursor
    await server.mutate('addStock', { ...A, sku: 'B', quantity: 3, occurredAt: FEBRUARY })
    await server.mutate('removeStock', { ...A, quantity: 4, reason: 'SOLD', occurredAt: MARCH })
    soldAt = await lastRecordedAt()
    await later()
    const { cursor } = await server.mutate('countStock', { ...A, counted: 9, occurredAt: FEBRUARY })
    counted = { cursor, recordedAt: await lastRecordedAt() }
    await later()
    await server.mutate('addStock', { ...A, sku: 'B', location: 'POR', quantity: 1 })
  })

  after(() => server.close())

  it('is what had happened by then, the moment itself included', async () => {
    expect(await onHand({ asOf: '2025-12-31T23:59:59.999Z' })).to.equal(null)
    expect(await onHand({ asOf: JANUARY })).to.equal(10)
    expect(await onHand({ asOf: MARCH })).to.equal(5)
    expect(await onHand({ asOf: null, knownAt: null })).to.equal(5)
  })

  it('is changed by a count that is told late, and the answer as it was known before is not', async () => {
    expect(await onHand({ asOf: FEBRUARY })).to.equal(9)
    expect(await onHand({ asOf: FEBRUARY, knownAt: soldAt })).to.equal(10)
    expect(await onHand({ asOf: FEBRUARY, knownAt: counted.recordedAt })).to.equal(9)
    expect(await onHand({ knownAt: soldAt })).to.equal(6)
  })

  it('is that of now for a moment that is yet to come', async () => {
    expect(await onHand({ asOf: '2999-01-01T00:00:00Z', knownAt: '9999-12-31T23:59:59.999Z' })).to.equal(5)
    expect(await page({ asOf: '2999-01-01T00:00:00Z' })).to.deep.equal({ totalCount: 3, nodes: [5, 3, 1].map((units) => ({ quantities: { onHand: units } })) })
  })

  it('fills pages, by the quantities of that moment', async () => {
    expect(await page({ asOf: JANUARY })).to.deep.equal({ totalCount: 1, nodes: [{ quantities: { onHand: 10 } }] })
    expect(await page({ asOf: FEBRUARY, knownAt: soldAt }, ', filter: { minAvailable: 10 }')).to.deep.equal({ totalCount: 1, nodes: [{ quantities: { onHand: 10 } }] })
    expect((await page({ asOf: FEBRUARY }, ', filter: { minAvailable: 10 }')).totalCount).to.equal(0)
    const first = await page({ asOf: MARCH }, ', orderBy: ON_HAND, first: 1', 'nodes { product { sku } } pageInfo { hasNextPage endCursor }')
    expect(first).to.deep.include({ totalCount: 2, nodes: [{ product: { sku: 'B' } }] })
    const second = await page({ asOf: MARCH }, `, orderBy: ON_HAND, first: 1, after: "${first.pageInfo.endCursor}"`, 'nodes { product { sku } } pageInfo { hasNextPage }')
    expect(second).to.deep.include({ nodes: [{ product: { sku: 'A' } }], pageInfo: { hasNextPage: false } })
  })

  it('is shown with the place that it is told from: the end of the log, or where it stood then', async () => {
    const { system } = await server.data('{ system { cursor } }')
    const selection = 'cursor nodes { cursor stale version updatedAt }'
    const now = await page({ asOf: MARCH }, '', selection)
    expect([now.cursor, now.nodes[0].cursor, now.nodes[0].stale]).to.deep.equal([system.cursor, system.cursor, false])
    const then = await page({ knownAt: counted.recordedAt }, '', selection)
    expect([then.cursor, then.nodes[0].cursor]).to.deep.equal([counted.cursor, counted.cursor])
    expect(then.nodes[0]).to.include({ version: 3, updatedAt: counted.recordedAt, stale: false })
    const { events } = await server.data('query($after: Cursor) { events(after: $after) { nodes { stream } } }', { after: then.cursor })
    expect(events.nodes, 'what is missing in it comes after its cursor').to.deep.equal([{ stream: 'stock:B@POR' }])
    const nothing = await page({ knownAt: '2000-01-01T00:00:00Z' }, '', selection)
    expect((await server.data('query($after: Cursor) { events(after: $after) { nodes { stream } } }', { after: nothing.cursor })).events.nodes).to.have.length(9)
  })

  it('comes after what atLeast names', async () => {
    const { cursor } = await server.mutate('addStock', { sku: 'B', location: 'LIS', quantity: 2, occurredAt: JANUARY })
    expect(await onHand({ asOf: JANUARY, atLeast: cursor }, { ...A, sku: 'B' })).to.equal(2)
    expect((await page({ asOf: JANUARY, knownAt: '9999-01-01T00:00:00Z', atLeast: cursor })).totalCount).to.equal(2)
    expect(await onHand({ asOf: JANUARY, atLeast: delivered }, { ...A, sku: 'B' })).to.equal(2)
  })

  it('has the history that it is made of', async () => {
    const types = async (moment: object, args = '') => {
      const selection = `history${args} { nodes { type } pageInfo { hasNextPage } }`
      const { stockLevel } = await server.data(`${THEN} { stockLevel(sku: "A", location: "LIS", ${MOMENT}) { ${selection} } }`, moment)
      return stockLevel.history.nodes.map(({ type }: { type: string }) => type)
    }
    expect(await types({})).to.deep.equal(['StockAdded', 'StockRemoved', 'StockCounted'])
    expect(await types({ asOf: FEBRUARY })).to.deep.equal(['StockAdded', 'StockCounted'])
    expect(await types({ asOf: FEBRUARY, knownAt: soldAt })).to.deep.equal(['StockAdded'])
    expect(await types({ knownAt: soldAt })).to.deep.equal(['StockAdded', 'StockRemoved'])
    expect(await types({ asOf: FEBRUARY }, `(to: "${FEBRUARY}")`)).to.deep.equal(['StockAdded'])
    expect(await types({ asOf: FEBRUARY }, `(from: "${FEBRUARY}", to: "${MARCH}")`)).to.deep.equal(['StockCounted'])
  })

  it('knows the policy of that time', async () => {
    const before = await lastRecordedAt()
    await later()
    await server.mutate('setStockPolicy', { ...A, reorderPoint: 50, safetyStock: 1 })
    const selection = 'nodes { isLow reorderPoint quantities { safetyStock availableToPromise } }'
    expect((await page({}, '', selection)).nodes[0]).to.deep.equal({ isLow: true, reorderPoint: 50, quantities: { safetyStock: 1, availableToPromise: 4 } })
    expect((await page({ knownAt: before }, '', selection)).nodes[0]).to.deep.equal({ isLow: false, reorderPoint: null, quantities: { safetyStock: 0, availableToPromise: 5 } })
  })

  it('refuses a moment that is none, and says what one looks like', async () => {
    for (const argument of ['asOf', 'knownAt']) {
      for (const value of ['"yesterday"', '"2026-02-30T00:00:00Z"', '"2026-01-01"', '1767225600000']) {
        for (const query of [`stockLevel(sku: "A", location: "LIS", ${argument}: ${value}) { version }`, `stockLevels(${argument}: ${value}) { totalCount }`]) {
          const { errors } = await server.ask(`{ ${query} }`)
          expect(errors?.map(({ extensions }) => extensions.code), query).to.deep.equal(['BAD_USER_INPUT'])
          expect(errors?.[0]?.message).to.include('2026-01-31T12:00:00.000Z')
        }
      }
    }
  })
})
