/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import type { Api } from './api.ts'
import { EVENT, page, RESERVATION, STOCK_LEVEL } from './selections.ts'

const TEA = { sku: 'TEA', location: 'LIS' }

export async function trail({ ask, mutate }: Api): Promise<void> {
  await mutate('addStock', { ...TEA, quantity: 1, reference: 'audit-1' }, '', { 'x-correlation-id': 'till-7' })
  const query = `query($filter: EventFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
    events(filter: $filter, first: $first, after: $after, last: $last, before: $before) { ${page(EVENT, '')} } }`
  const filter = {
    types: ['StockAdded'], skus: ['TEA'], locations: ['LIS'], reference: 'audit-1', correlationId: 'till-7',
    recordedFrom: '2000-01-01T00:00:00Z', recordedTo: '9999-01-01T00:00:00Z',
  }
  const { events: { nodes: [event] } } = await ask(query, { filter, first: 5 })
  expect(event).to.deep.include({ type: 'StockAdded', sku: 'TEA', location: 'LIS', correlationId: 'till-7', reference: 'audit-1' })
  const { events: before } = await ask(query, { last: 2, before: event.cursor })
  const { events: after } = await ask(query, { first: 1, after: before.pageInfo.endCursor })
  expect([before.nodes.length, after.nodes[0].id]).to.deep.equal([2, event.id])
}

export async function nodes({ ask }: Api): Promise<void> {
  const kinds = `product(sku: "TEA") { id } location(code: "LIS") { id } stockLevel(sku: "TEA", location: "LIS") { id }
    reservations(first: 1) { nodes { id } } transfers(first: 1) { nodes { id } } events(first: 1) { nodes { id } }`
  const { product, location, stockLevel, reservations, transfers, events } = await ask(`{ ${kinds} }`)
  const ids = [product, location, stockLevel, reservations.nodes[0], transfers.nodes[0], events.nodes[0]].map(({ id }: { id: string }) => id)
  const types = ['Product', 'Location', 'StockLevel', 'Reservation', 'Transfer', 'Event']
  for (const [index, id] of ids.entries()) {
    const { node } = await ask('query($id: ID!) { node(id: $id) { __typename id } }', { id })
    expect(node).to.deep.equal({ __typename: types[index], id })
  }
}

export async function system({ ask }: Api): Promise<void> {
  const { system } = await ask('{ system { version cursor readCursor lag subscribers breakers { name state failures } } }')
  expect(system).to.deep.include({ lag: 0, readCursor: system.cursor })
  expect(system.breakers[0]).to.include({ state: 'CLOSED', failures: 0 })
}

export async function me({ ask }: Api): Promise<void> {
  const { me } = await ask('{ me { actor role locations permissions expiresAt } }')
  expect(me).to.deep.include({ actor: null, role: 'ADMIN', locations: null, expiresAt: null })
  expect(me.permissions).to.include('addStock')
}

export async function stockChanged({ ask, mutate, follow }: Api): Promise<void> {
  const { system: { cursor: after } } = await ask('{ system { cursor } }')
  const filter = { skus: ['[String!]', ['TEA']], locations: ['[String!]', ['LIS']], after: ['Cursor', after] } as const
  await mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 })
  const { cursor } = await mutate('removeStock', { ...TEA, quantity: 2, reason: 'SOLD' })
  const [change] = await follow('stockChanged', filter, `cursor event { ${EVENT} } stockLevel { ${STOCK_LEVEL} } onHandDelta reservedDelta availableDelta`, 1)
  expect(change).to.deep.include({ cursor, onHandDelta: -2, reservedDelta: 0, availableDelta: -2 })
  expect([change.event.type, change.stockLevel.cursor]).to.deep.equal(['StockRemoved', cursor])
  const types = { filter: ['EventFilter', { types: ['StockRemoved'] }], after: ['Cursor', after] } as const
  expect(await follow('events', types, EVENT, 1)).to.deep.equal([change.event])
}

export async function lowStock({ ask, mutate, follow }: Api): Promise<void> {
  const place = { sku: 'MUG', location: 'RTM' }
  const { system: { cursor: after } } = await ask('{ system { cursor } }')
  await mutate('addStock', { ...place, quantity: 10 })
  await mutate('setStockPolicy', { ...place, reorderPoint: 5 })
  await mutate('removeStock', { ...place, quantity: 5, reason: 'SOLD', occurredAt: '2026-01-05T00:00:00.000Z' })
  await mutate('removeStock', { ...place, quantity: 1, reason: 'SOLD' })
  await mutate('addStock', { ...place, quantity: 2 })
  const alerts = await follow('lowStock', { locations: ['[String!]', ['RTM']], after: ['Cursor', after] }, 'cursor isLow occurredAt stockLevel { version isLow quantities { available } }', 2)
  expect(alerts[0]).to.deep.include({ isLow: true, occurredAt: '2026-01-05T00:00:00.000Z', stockLevel: { version: 3, isLow: true, quantities: { available: 5 } } })
  expect(alerts[1]).to.deep.include({ isLow: false, stockLevel: { version: 5, isLow: false, quantities: { available: 6 } } })
}

export async function reservationChanged({ mutate, follow }: Api): Promise<void> {
  const placed = await mutate('reserveStock', { lines: [{ ...TEA, quantity: 1 }], reference: 'cart-9', expiresInSeconds: 1 }, `reservation { ${RESERVATION} }`)
  const filter = { id: ['ID', placed.reservation.id], reference: ['String', 'cart-9'], after: ['Cursor', placed.cursor] } as const
  const [change] = await follow('reservationChanged', filter, `cursor event { ${EVENT} } reservation { ${RESERVATION} }`, 1)
  expect(change.event).to.include({ type: 'ReservationExpired', actor: 'stockstream:expiry', cursor: change.cursor })
  expect(change.reservation).to.deep.equal({
    ...placed.reservation, status: 'EXPIRED', version: 2, lines: [{ ...TEA, quantity: 1, fulfilled: 0, released: 1 }],
  })
}
