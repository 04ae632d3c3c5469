/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument,
   @typescript-eslint/no-unsafe-call -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { openTestServer, type TestServer } from './test-server.ts'

const RESERVATION = 'reservation { id status version reference placedAt expiresAt lines { sku location quantity fulfilled released } }'
const TRANSFER = 'transfer { id status version reference dispatchedAt completedAt from { code } to { name } lines { sku quantity received missing } }'

describe('GraphQL reservations, transfers and availability', () => {
  let server: TestServer

  before(async () => {
    server = await openTestServer()
    for (const sku of ['A', 'B']) await server.mutate('registerProduct', { sku, name: sku })
    for (const code of ['LIS', 'OPO']) await server.mutate('openLocation', { code, name: `In ${code}` })
    for (const [sku, location, quantity] of [['A', 'LIS', 10], ['A', 'OPO', 20], ['B', 'OPO', 5]]) await server.mutate('addStock', { sku, location, quantity })
  })
  after(() => server.close())

  it('says what could be promised and from where, and reserveStock takes it from there', async () => {
    const lines = [{ sku: 'A', quantity: 3 }, { sku: 'B', quantity: 2 }]
    const ask = `query($lines: [LineInput!]!, $atLeast: Cursor) { checkAvailability(lines: $lines, atLeast: $atLeast) {
      isAvailable cursor stale lines { sku requested availableToPromise sourcing { sku location quantity } } } }`
    const { checkAvailability } = await server.data(ask, { lines })
    expect(checkAvailability).to.deep.include({ isAvailable: true, stale: false })
    expect(checkAvailability.lines).to.deep.equal([
      { sku: 'A', requested: 3, availableToPromise: 30, sourcing: [{ sku: 'A', location: 'OPO', quantity: 3 }] },
      { sku: 'B', requested: 2, availableToPromise: 5, sourcing: [{ sku: 'B', location: 'OPO', quantity: 2 }] },
    ])
    const reserved = await server.mutate('reserveStock', { lines, expiresInSeconds: 600 }, RESERVATION)
    expect(reserved.userErrors).to.deep.equal([])
    expect(reserved.reservation.lines.map((line: { location: string }) => line.location)).to.deep.equal(['OPO', 'OPO'])
    const after = await server.data(ask, { lines: [{ sku: 'B', quantity: 4 }, { sku: 'B', quantity: 3 }], atLeast: reserved.cursor })
    expect(after.checkAvailability.isAvailable).to.equal(false)
    expect(after.checkAvailability.lines).to.deep.equal([
      { sku: 'B', requested: 4, availableToPromise: 3, sourcing: [] },
      { sku: 'B', requested: 3, availableToPromise: 3, sourcing: [{ sku: 'B', location: 'OPO', quantity: 3 }] },
    ])
    await server.mutate('releaseReservation', { id: reserved.reservation.id })
  })

  it('looks for what is available where it is told to', async () => {
    const { lis, most, none } = await server.data(`{
      lis: checkAvailability(lines: [{ sku: "A", quantity: 12 }], locations: ["LIS", "OPO"], strategy: PRIORITY) { lines { sourcing { location quantity } } }
      most: checkAvailability(lines: [{ sku: "A", quantity: 12 }], strategy: MOST_AVAILABLE) { lines { sourcing { location quantity } } }
      none: checkAvailability(lines: [{ sku: "A", quantity: 1 }, { sku: "nobody", quantity: 1 }], locations: []) { isAvailable lines { availableToPromise } }
    }`)
    expect(lis.lines[0].sourcing).to.deep.equal([{ location: 'LIS', quantity: 10 }, { location: 'OPO', quantity: 2 }])
    expect(most.lines[0].sourcing).to.deep.equal([{ location: 'OPO', quantity: 12 }])
    expect(none).to.deep.equal({ isAvailable: false, lines: [{ availableToPromise: 0 }, { availableToPromise: 0 }] })
    const { errors } = await server.ask('{ checkAvailability(lines: [{ sku: "A", quantity: 0 }]) { stale } }')
    expect(errors?.map(({ extensions: { code } }) => code)).to.deep.equal(['BAD_USER_INPUT'])
  })

  it('takes a reservation through its life', async () => {
    const placed = await server.mutate('reserveStock', { lines: [{ sku: 'A', location: 'LIS', quantity: 4 }], expiresInSeconds: 60, reference: 'order-7', note: 'a gift', idempotencyKey: 'r7' }, RESERVATION)
    const { id } = placed.reservation
    expect(placed.reservation).to.deep.include({ status: 'OPEN', version: 1, reference: 'order-7' })
    expect(id).to.match(/^reservation:[0-9a-f-]{36}$/)
    const again = await server.mutate('reserveStock', { lines: [{ sku: 'A', location: 'LIS', quantity: 4 }], expiresInSeconds: 60, reference: 'order-7', note: 'a gift', idempotencyKey: 'r7' }, RESERVATION)
    expect(again).to.deep.equal({ ...placed, replayed: true })
    const extended = await server.mutate('extendReservation', { id, expiresInSeconds: 600, expectedVersion: 1 }, RESERVATION)
    expect(Date.parse(extended.reservation.expiresAt)).to.be.above(Date.parse(placed.reservation.expiresAt))
    const part = await server.mutate('fulfillReservation', { id, lines: [{ sku: 'A', location: 'LIS', quantity: 1 }] }, RESERVATION)
    expect(part.reservation).to.deep.include({ status: 'OPEN', version: 3, lines: [{ sku: 'A', location: 'LIS', quantity: 4, fulfilled: 1, released: 0 }] })
    const { reservations, one, plain, found } = await server.data(`query($id: ID!, $plain: ID!) {
      reservations(filter: { statuses: [OPEN], skus: ["A"], locations: ["LIS"], reference: "order-7" }, first: 5) { totalCount nodes { id } edges { cursor node { version } } pageInfo { hasNextPage } }
      one: reservation(id: $id) { version } plain: reservation(id: $plain) { id } found: node(id: $id) { id ... on Reservation { reference } }
    }`, { id, plain: id.slice('reservation:'.length) })
    expect(reservations).to.deep.include({ totalCount: 1, nodes: [{ id }], pageInfo: { hasNextPage: false } })
    expect([one, plain, found]).to.deep.equal([{ version: 3 }, { id }, { id, reference: 'order-7' }])
    const rest = await server.mutate('releaseReservation', { id }, RESERVATION)
    expect(rest.reservation).to.deep.include({ status: 'RELEASED', version: 4 })
  })

  it('names every line that is short, and every field that is wrong', async () => {
    const short = await server.mutate('reserveStock', { lines: [{ sku: 'A', quantity: 1 }, { sku: 'A', quantity: 99 }, { sku: 'B', location: 'OPO', quantity: 9 }] }, RESERVATION)
    expect(short.userErrors.map(({ code, field }: { code: string; field: string[] }) => [code, field.join('.')]))
      .to.deep.equal([['INSUFFICIENT_STOCK', 'input.lines.1.quantity'], ['INSUFFICIENT_STOCK', 'input.lines.2.quantity']])
    expect(short.userErrors[0].details).to.include({ requested: 99, availableToPromise: 28 })
    expect(short).to.deep.include({ reservation: null, cursor: null })
    const wrong = await server.mutate('reserveStock', { lines: [{ sku: 'A', quantity: 1 }], expiresInSeconds: 0, reference: '' }, RESERVATION)
    expect(wrong.userErrors.map(({ code, field }: { code: string; field: string[] }) => [code, field.join('.')]))
      .to.deep.equal([['INVALID_INPUT', 'input.expiresInSeconds'], ['INVALID_INPUT', 'input.reference']])
    const dry = await server.mutate('reserveStock', { lines: [{ sku: 'A', quantity: 25 }], dryRun: true }, RESERVATION)
    expect(dry.reservation.lines).to.have.length(2)
    expect((await server.data('query($id: ID!) { reservation(id: $id) { id } }', { id: dry.reservation.id })).reservation).to.equal(null)
  })

  it('takes a transfer from one location to the other', async () => {
    const sent = await server.mutate('dispatchTransfer', { from: 'OPO', to: 'LIS', lines: [{ sku: 'A', quantity: 4 }, { sku: 'B', quantity: 1 }], reference: 'note-3' }, TRANSFER)
    const { id } = sent.transfer
    expect(sent.transfer).to.deep.include({ status: 'IN_TRANSIT', from: { code: 'OPO' }, to: { name: 'In LIS' }, completedAt: null, reference: 'note-3' })
    const { stockLevel, transfers, transfer, node } = await server.data(`query($id: ID!) {
      stockLevel(sku: "A", location: "LIS") { quantities { incoming } } transfer(id: $id) { version } node(id: $id) { ... on Transfer { status } }
      transfers(statuses: [IN_TRANSIT], locations: ["LIS"], first: 5) { totalCount nodes { id } edges { cursor node { id } } pageInfo { endCursor } }
    }`, { id })
    expect([stockLevel, transfer, node]).to.deep.equal([{ quantities: { incoming: 4 } }, { version: 1 }, { status: 'IN_TRANSIT' }])
    expect(transfers).to.deep.include({ totalCount: 1, nodes: [{ id }] })
    const part = await server.mutate('receiveTransfer', { id, lines: [{ sku: 'A', quantity: 3 }], expectedVersion: 1 }, TRANSFER)
    expect(part.transfer).to.deep.include({ status: 'IN_TRANSIT', lines: [{ sku: 'A', quantity: 4, received: 3, missing: 1 }, { sku: 'B', quantity: 1, received: 0, missing: 0 }] })
    expect((await server.mutate('closeLocation', { code: 'LIS' })).userErrors[0].details.transfers).to.deep.equal([id])
    const back = await server.mutate('cancelTransfer', { id }, TRANSFER)
    expect(back.transfer).to.deep.include({ status: 'CANCELLED', version: 3 })
    expect(back.transfer.completedAt).to.be.a('string')
    const late = await server.mutate('receiveTransfer', { id }, TRANSFER)
    expect(late.userErrors[0]).to.deep.include({ code: 'INVALID_STATE', field: ['input', 'id'] })
  })
})
