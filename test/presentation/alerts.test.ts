import { expect } from 'chai'
import { type Subscriber, subscriberOf } from './subscriber.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const LEVEL = 'stockLevel { product { name } location { code } isLow version cursor stale reorderPoint quantities { available } }'
const ALERT = `cursor isLow occurredAt ${LEVEL}`
const CHANGE = 'cursor event { type cursor } reservation { id status version reference lines { sku location quantity fulfilled released } }'

interface Payload { readonly cursor: string; readonly reservation: { readonly id: string } }

describe('alerts and changes of reservations over WebSocket', () => {
  let server: TestServer
  let subscriber: Subscriber

  before(async () => {
    server = await openTestServer()
    subscriber = subscriberOf(server)
    await server.mutate('registerProduct', { sku: 'TEA', name: 'The tea' })
    for (const code of ['LIS', 'OPO']) {
      await server.mutate('openLocation', { code, name: code })
      await server.mutate('addStock', { sku: 'TEA', location: code, quantity: 20 })
    }
  })

  after(async () => {
    await subscriber.close()
    await server.close()
  })

  const mutate = (name: string, input: object, selection = '') => server.mutate(name, input, selection) as Promise<Payload>
  const sold = (quantity: number, location = 'LIS', occurredAt?: string) => mutate('removeStock', { sku: 'TEA', location, quantity, reason: 'SOLD', occurredAt })

  it('tells once that a stock level is low, and once that it is it no longer', async () => {
    const { cursor: start } = await mutate('setStockPolicy', { sku: 'TEA', location: 'LIS', reorderPoint: 10 })
    const live = await subscriber.follow(`lowStock(locations: ["LIS"]) { ${ALERT} }`, 2)
    await sold(9)
    const { cursor: fell } = await sold(1, 'LIS', '2026-01-01T00:00:00Z')
    await sold(1)
    await mutate('setStockPolicy', { sku: 'TEA', location: 'OPO', reorderPoint: 30 })
    const { cursor: rose } = await mutate('setStockPolicy', { sku: 'TEA', location: 'LIS', reorderPoint: 8 })
    const alerts = await live()
    const level = { product: { name: 'The tea' }, location: { code: 'LIS' }, stale: false }
    expect(alerts[0]).to.deep.equal({
      cursor: fell, isLow: true, occurredAt: '2026-01-01T00:00:00.000Z',
      stockLevel: { ...level, isLow: true, version: 4, cursor: fell, reorderPoint: 10, quantities: { available: 10 } },
    })
    expect(alerts[1]).to.deep.include({ cursor: rose, isLow: false, stockLevel: { ...level, isLow: false, version: 6, cursor: rose, reorderPoint: 8, quantities: { available: 9 } } })
    const missed = await subscriber.follow(`lowStock(locations: ["LIS"], after: "${start}") { ${ALERT} }`, 2)
    expect(await missed()).to.deep.equal(alerts)
    const rest = await subscriber.follow(`lowStock(after: "${fell}") { stockLevel { location { code } } isLow }`, 2)
    expect(await rest()).to.deep.equal([{ stockLevel: { location: { code: 'OPO' } }, isLow: true }, { stockLevel: { location: { code: 'LIS' } }, isLow: false }])
  })

  it('tells what becomes of a reservation', async () => {
    const lines = [{ sku: 'TEA', location: 'OPO', quantity: 3 }]
    const { cursor: start, reservation: { id } } = await mutate('reserveStock', { lines, reference: 'cart-7' }, 'reservation { id }')
    const plain = id.slice('reservation:'.length)
    const lives = await Promise.all([`id: "${id}"`, `id: "${plain}"`, 'reference: "cart-7"', `id: "${id}", reference: "cart-7"`].map((filter) =>
      subscriber.follow(`reservationChanged(${filter}) { ${CHANGE} }`, 2)))
    await mutate('reserveStock', { lines, reference: 'cart-8' })
    await mutate('fulfillReservation', { id, lines: [{ ...lines[0], quantity: 1 }], reference: 'note-1' })
    await mutate('releaseReservation', { id })
    const shown = { id, reference: 'cart-7' }
    const line = { sku: 'TEA', location: 'OPO', quantity: 3, fulfilled: 1 }
    const missed = await subscriber.follow(`reservationChanged(id: "${id}", after: "${start}") { ${CHANGE} }`, 2)
    for (const follow of [...lives, missed]) {
      const [fulfilled, released] = await follow()
      expect(fulfilled).to.deep.include({ reservation: { ...shown, status: 'OPEN', version: 2, lines: [{ ...line, released: 0 }] } })
      expect(fulfilled?.event).to.deep.equal({ type: 'ReservationFulfilled', cursor: fulfilled?.cursor })
      expect(released).to.deep.include({ reservation: { ...shown, status: 'RELEASED', version: 3, lines: [{ ...line, released: 2 }] } })
      expect(released?.event).to.deep.equal({ type: 'ReservationReleased', cursor: released?.cursor })
    }
    const rest = await subscriber.follow(`reservationChanged(id: "${id}", after: "${String((await missed())[0]?.cursor)}") { event { type } }`, 1)
    expect(await rest()).to.deep.equal([{ event: { type: 'ReservationReleased' } }])
  })

  for (const [what, field] of [
    ['a cursor that is none', 'lowStock(after: "x") { cursor }'],
    ['a cursor of another log', 'reservationChanged(after: "b3RoZXI6MQ") { cursor }'],
    ['too many locations', `lowStock(locations: ${JSON.stringify(Array(1_001).fill('A'))}) { cursor }`],
    ['a location that is no text', 'lowStock(locations: [1]) { cursor }'],
    ['an empty id', 'reservationChanged(id: "") { cursor }'],
    ['an id that is none', 'reservationChanged(id: "reservation:1") { cursor }'],
    ['an id of something else', 'reservationChanged(id: "transfer:01997c5e-8a00-7000-8000-000000000000") { cursor }'],
    ['an id with half of a surrogate pair', 'reservationChanged(id: "\\ud800") { cursor }'],
    ['an empty reference', 'reservationChanged(reference: "") { cursor }'],
    ['a reference that is too long', `reservationChanged(reference: "${'x'.repeat(129)}") { cursor }`],
    ['a reference of two lines', 'reservationChanged(reference: "a\\nb") { cursor }'],
  ] as const) {
    it(`refuses ${what} as BAD_USER_INPUT`, async () => {
      const errors = await subscriber.refusals(`subscription { ${field} }`)
      expect(errors.map(({ extensions, message }) => [extensions?.code, message.length > 0]), JSON.stringify(errors)).to.deep.equal([['BAD_USER_INPUT', true]])
      expect(server.test.inventory.status().subscribers).to.equal(0)
    })
  }

  it('takes null for what is not asked for', async () => {
    const { cursor } = await sold(1, 'OPO')
    const live = await subscriber.follow(`reservationChanged(id: null, reference: null, after: "${cursor}") { event { type } }`, 1)
    await mutate('reserveStock', { lines: [{ sku: 'TEA', quantity: 1 }] })
    expect(await live()).to.deep.equal([{ event: { type: 'ReservationPlaced' } }])
  })
})
