/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import type { Api } from './api.ts'
import { page, RESERVATION, TRANSFER } from './selections.ts'

const line = (quantity: number) => ({ sku: 'TEA', location: 'LIS', quantity })

export async function reservations({ ask, mutate, refused }: Api): Promise<void> {
  const input = {
    lines: [line(6), { sku: 'MUG', quantity: 5 }], locations: ['OPO', 'LIS'], strategy: 'PRIORITY', expiresInSeconds: 600,
    reference: 'cart-1', note: 'Gift wrapped', idempotencyKey: 'r-1',
  }
  const dry = await mutate('reserveStock', { ...input, dryRun: true }, `reservation { ${RESERVATION} }`)
  const { reservation } = await mutate('reserveStock', input, `reservation { ${RESERVATION} }`)
  const { id } = reservation
  expect(reservation.lines).to.deep.equal(dry.reservation.lines)
  expect(reservation).to.deep.include({ status: 'OPEN', version: 1, reference: 'cart-1' })
  expect(reservation.lines[1]).to.deep.equal({ sku: 'MUG', location: 'OPO', quantity: 5, fulfilled: 0, released: 0 })
  expect(await refused('reserveStock', { lines: [line(1_000)] })).to.equal('INSUFFICIENT_STOCK')
  await mutate('extendReservation', { id, expiresInSeconds: 1_200, expectedVersion: 1, idempotencyKey: 'r-2' })
  const now = new Date().toISOString()
  await mutate('fulfillReservation', { id, lines: [line(2)], reference: 'note-1', occurredAt: now, expectedVersion: 2, idempotencyKey: 'r-3' })
  const released = await mutate('releaseReservation', { id, lines: [line(1)], reference: 'call-1', expectedVersion: 3, idempotencyKey: 'r-4' }, `reservation { ${RESERVATION} }`)
  expect(released.reservation.lines[0]).to.deep.equal({ ...line(6), fulfilled: 2, released: 1 })
  const query = `query($id: ID!, $filter: ReservationFilter, $first: Int, $after: String) {
    reservation(id: $id) { ${RESERVATION} } reservations(filter: $filter, first: $first, after: $after) { ${page(RESERVATION)} } }`
  const filter = { statuses: ['OPEN'], skus: ['MUG'], locations: ['OPO'], reference: 'cart-1' }
  const found = await ask(query, { id, filter, first: 5 })
  expect([found.reservation, found.reservations.nodes]).to.deep.equal([released.reservation, [released.reservation]])
  await mutate('reserveStock', { lines: [line(1)] })
  const { reservations: rest } = await ask(query, { id, after: found.reservations.pageInfo.endCursor })
  expect(rest.nodes).to.have.length(1)
}

export async function availability({ ask }: Api): Promise<void> {
  const query = `query($lines: [LineInput!]!, $locations: [String!], $strategy: SourcingStrategy, $atLeast: Cursor) {
    checkAvailability(lines: $lines, locations: $locations, strategy: $strategy, atLeast: $atLeast) {
      isAvailable cursor stale lines { sku requested availableToPromise sourcing { sku location quantity } } } }`
  const { system } = await ask('{ system { cursor } }')
  const { checkAvailability: found } = await ask(query, { lines: [{ sku: 'MUG', quantity: 4 }], locations: ['LIS', 'OPO'], strategy: 'PRIORITY', atLeast: system.cursor })
  expect(found).to.deep.equal({
    isAvailable: true, cursor: system.cursor, stale: false,
    lines: [{
      sku: 'MUG', requested: 4, availableToPromise: 4,
      sourcing: [{ sku: 'MUG', location: 'LIS', quantity: 1 }, { sku: 'MUG', location: 'OPO', quantity: 3 }],
    }],
  })
}

export async function transfers({ ask, mutate, refused }: Api): Promise<void> {
  const input = { from: 'LIS', to: 'RTM', lines: [{ sku: 'TEA', quantity: 5 }], reference: 'truck-1', note: 'Pallet 3', idempotencyKey: 't-1' }
  const { transfer } = await mutate('dispatchTransfer', input, `transfer { ${TRANSFER} }`)
  const { id } = transfer
  expect(transfer).to.deep.include({ status: 'IN_TRANSIT', from: { code: 'LIS' }, to: { code: 'RTM' }, reference: 'truck-1', completedAt: null })
  const received = await mutate('receiveTransfer', { id, lines: [{ sku: 'TEA', quantity: 4 }], reference: 'dock-2', expectedVersion: 1, idempotencyKey: 't-2' }, `transfer { ${TRANSFER} }`)
  expect(received.transfer).to.deep.include({ status: 'RECEIVED', lines: [{ sku: 'TEA', quantity: 5, received: 4, missing: 1 }] })
  expect(received.transfer.completedAt).to.be.a('string')
  expect(await refused('receiveTransfer', { id })).to.equal('INVALID_STATE')
  const { transfer: other } = await mutate('dispatchTransfer', { ...input, idempotencyKey: 't-3' }, 'transfer { id }')
  const incoming = await ask('{ stockLevel(sku: "TEA", location: "RTM") { quantities { onHand incoming } } }')
  expect(incoming.stockLevel.quantities).to.deep.equal({ onHand: 4, incoming: 5 })
  expect((await mutate('cancelTransfer', { id: other.id, expectedVersion: 1, idempotencyKey: 't-4' }, 'transfer { status }')).transfer.status).to.equal('CANCELLED')
  const query = `query($id: ID!, $statuses: [TransferStatus!], $skus: [String!], $locations: [String!], $first: Int, $after: String) {
    transfer(id: $id) { ${TRANSFER} } transfers(statuses: $statuses, skus: $skus, locations: $locations, first: $first, after: $after) { ${page(TRANSFER)} } }`
  const found = await ask(query, { id, statuses: ['RECEIVED', 'CANCELLED'], skus: ['TEA'], locations: ['RTM'], first: 1 })
  expect([found.transfer, found.transfers.nodes[0], found.transfers.totalCount]).to.deep.equal([received.transfer, received.transfer, 2])
  const { transfers: rest } = await ask(query, { id, after: found.transfers.pageInfo.endCursor })
  expect(rest.nodes).to.deep.include.members([(await ask(query, { id: other.id })).transfer])
}
