/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import type { Api } from './api.ts'
import { EVENT, page, PRODUCT, STOCK_LEVEL } from './selections.ts'

const TEA = { sku: 'TEA', location: 'LIS' }
const MONDAY = '2026-01-05T00:00:00.000Z'
const TUESDAY = '2026-01-06T00:00:00.000Z'
const said = (key: string) => ({ reference: `order-${key}`, note: `Of ${key}`, idempotencyKey: key })

export async function commands({ mutate, refused }: Api): Promise<void> {
  const level = `stockLevel { ${STOCK_LEVEL} }`
  const dated = { ...TEA, occurredAt: MONDAY }
  const added = await mutate('addStock', { ...dated, quantity: 40, reason: 'RECEIVED', expectedVersion: 0, ...said('s-1') }, level, { 'x-causation-id': 'order-event-7' })
  expect(added.stockLevel).to.deep.include({ id: 'stock:TEA@LIS', product: { sku: 'TEA' }, location: { code: 'LIS' }, version: 1, cursor: added.cursor, stale: false })
  await mutate('removeStock', { ...dated, quantity: 10, reason: 'SOLD', expectedVersion: 1, ...said('s-2'), occurredAt: TUESDAY })
  await mutate('setStockAside', { ...TEA, quantity: 4, reason: 'DAMAGED', expectedVersion: 2, ...said('s-3') })
  await mutate('putStockBack', { ...TEA, quantity: 1, expectedVersion: 3, ...said('s-4') })
  const policy = { safetyStock: 2, reorderPoint: 30, reorderQuantity: 60, backorderLimit: 5, allowNegative: true }
  const low = await mutate('setStockPolicy', { ...TEA, ...policy, expectedVersion: 4, idempotencyKey: 's-5' }, level)
  const { safetyStock, ...shown } = policy
  expect(low.stockLevel).to.deep.include({ ...shown, isLow: true, version: 5 })
  expect(low.stockLevel.quantities).to.deep.equal({ onHand: 30, reserved: 0, unavailable: 3, available: 27, incoming: 0, safetyStock, availableToPromise: 30 })
  const counted = await mutate('countStock', { ...dated, counted: 38, expectedVersion: 5, ...said('s-6') }, 'stockLevel { quantities { onHand } }')
  expect(counted.stockLevel.quantities.onHand, 'two were missing on Monday already').to.equal(28)
  expect(await refused('removeStock', { ...TEA, quantity: 1, reason: 'SOLD', expectedVersion: 1 })).to.equal('VERSION_CONFLICT')
}

export async function movements({ mutate, refused }: Api): Promise<void> {
  const row = { ...TEA, delta: 12, reason: 'FOUND', reference: 'sheet-1', occurredAt: TUESDAY }
  const input = { movements: [row, { sku: 'MUG', location: 'OPO', delta: 8 }], errorPolicy: 'SKIP_FAILED', idempotencyKey: 'm-1' }
  const selection = 'applied rejected stockLevels { product { sku } quantities { onHand } }'
  const dry = await mutate('applyMovements', { ...input, dryRun: true }, selection)
  expect(dry).to.deep.include({ applied: 2, rejected: 0, cursor: null })
  const { stockLevels } = await mutate('applyMovements', input, selection)
  expect(stockLevels, 'the dry run changed nothing').to.deep.equal(dry.stockLevels)
  expect(await refused('applyMovements', { movements: [{ ...row, delta: 0 }] })).to.equal('INVALID_INPUT')
}

export async function levels({ ask, mutate }: Api): Promise<void> {
  const { cursor } = await mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 })
  const one = await ask(`query($asOf: DateTime, $knownAt: DateTime, $atLeast: Cursor) {
    now: stockLevel(sku: "TEA", location: "LIS", atLeast: $atLeast) { ${STOCK_LEVEL} }
    then: stockLevel(sku: "TEA", location: "LIS", asOf: $asOf, knownAt: $knownAt) { quantities { onHand } } }`,
  { asOf: MONDAY, knownAt: '9999-01-01T00:00:00Z', atLeast: cursor })
  expect([one.now.quantities.onHand, one.then.quantities.onHand]).to.deep.equal([40, 38])
  const history = await ask(`query($from: DateTime, $to: DateTime, $first: Int, $after: String) {
    stockLevel(sku: "TEA", location: "LIS") { history(first: $first, after: $after, from: $from, to: $to) { ${page(EVENT, '')} } } }`,
  { from: MONDAY, to: TUESDAY, first: 1 })
  const { nodes, pageInfo } = history.stockLevel.history
  expect(nodes[0]).to.deep.include({ type: 'StockAdded', stream: 'stock:TEA@LIS', version: 1, occurredAt: MONDAY, reference: 'order-s-1', note: 'Of s-1', reason: 'RECEIVED', causationId: 'order-event-7' })
  const rest = await ask('query($after: String) { stockLevel(sku: "TEA", location: "LIS") { history(after: $after) { nodes { type } } } }', { after: pageInfo.endCursor })
  expect(rest.stockLevel.history.nodes).to.have.length(6)
}

export async function pages({ ask }: Api): Promise<void> {
  const { system } = await ask('{ system { cursor } }')
  const query = `query($filter: StockFilter, $orderBy: StockOrder, $direction: Direction, $first: Int, $after: String, $asOf: DateTime, $knownAt: DateTime, $atLeast: Cursor) {
    stockLevels(filter: $filter, orderBy: $orderBy, direction: $direction, first: $first, after: $after, asOf: $asOf, knownAt: $knownAt, atLeast: $atLeast) {
      ${page(STOCK_LEVEL, 'totalCount cursor stale')} } }`
  const all = { skus: ['TEA', 'MUG'], locations: ['LIS', 'OPO'], search: 't', onlyAvailable: true, minAvailable: 1, maxAvailable: 1_000 }
  const first = await ask(query, { filter: all, orderBy: 'AVAILABLE', direction: 'DESC', first: 1, atLeast: system.cursor })
  expect(first.stockLevels).to.deep.include({ totalCount: 3, cursor: system.cursor })
  expect(first.stockLevels.nodes[0].product).to.deep.equal({ sku: 'TEA' })
  const rest = await ask(query, { filter: all, orderBy: 'AVAILABLE', direction: 'DESC', after: first.stockLevels.pageInfo.endCursor })
  expect([rest.stockLevels.nodes[0].id, rest.stockLevels.nodes[1].id]).to.deep.equal(['stock:MUG@OPO', 'stock:MUG@LIS'])
  const past = await ask(query, { filter: { onlyLow: true }, asOf: MONDAY, knownAt: '9999-01-01T00:00:00Z' })
  expect(past.stockLevels.totalCount, 'nothing had a reorder point then').to.equal(0)
  const low = await ask(query, { filter: { onlyLow: false, skus: ['TEA'] }, asOf: TUESDAY, knownAt: '9999-01-01T00:00:00Z' })
  expect(low.stockLevels.nodes[0].quantities.onHand).to.equal(40)
}

export async function holdings({ ask }: Api): Promise<void> {
  for (const [place, totals, ids] of [
    [`product(sku: "MUG") { ${PRODUCT}`, { onHand: 9, available: 9, availableToPromise: 9 }, ['stock:MUG@LIS', 'stock:MUG@OPO']],
    ['location(code: "LIS") { totals { onHand available availableToPromise }', { onHand: 41, available: 38, availableToPromise: 41 }, ['stock:MUG@LIS', 'stock:TEA@LIS']],
  ] as const) {
    const query = `query($first: Int, $after: String) { found: ${place} stockLevels(first: $first, after: $after) { totalCount pageInfo { endCursor } nodes { id } } } }`
    const { found } = await ask(query, { first: 1 })
    expect(found.totals).to.include(totals)
    expect(found.stockLevels).to.deep.include({ totalCount: 2, nodes: [{ id: ids[0] }] })
    const { found: rest } = await ask(query, { after: found.stockLevels.pageInfo.endCursor })
    expect(rest.stockLevels.nodes).to.deep.equal([{ id: ids[1] }])
  }
}
