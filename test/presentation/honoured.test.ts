/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { goodInputs } from './bad-input.rows.ts'
import { openShop, type Shop } from './shop.ts'
import { inputType, type TestServer } from './test-server.ts'

interface Document { readonly reference?: string; readonly note?: string; readonly occurredAt?: string }

const schema = await createSchema()
const OCCURRED = '2026-02-03T04:05:06.000Z'

const has = (mutation: string, field: string): boolean => {
  const type = schema.getType(inputType(mutation))
  return isInputObjectType(type) && field in type.getFields()
}

describe('what an input says', () => {
  let shop: Shop
  let server: TestServer

  before(async () => {
    shop = await openShop()
    ;({ server } = shop)
  })

  after(() => server.close())

  const eventsSince = async (position: number): Promise<readonly RecordedEvent[]> => (await server.test.store.find({}, { first: 1_000, after: position })).events

  /** The good input with all that it may say of the document behind it. */
  function documented(mutation: string): { readonly input: object; readonly document: Document } {
    const good = Object.entries(shop.goods).find(([name]) => name === mutation)?.[1]
    if (!good) throw new Error(`${mutation} has no good input.`)
    // A reservation is not handed out before it is placed.
    const occurredAt = mutation === 'fulfillReservation' ? new Date(server.test.clock.now()).toISOString() : OCCURRED
    const document = Object.fromEntries(Object.entries({ reference: `doc-${mutation}`, note: 'two\nlines', occurredAt }).filter(([field]) => has(mutation, field)))
    return { input: { ...good, ...document }, document }
  }

  let lastKey: string | undefined

  it('is known of every mutation', () => {
    expect(Object.keys(shop.goods)).to.have.members(Object.keys(schema.getMutationType()?.getFields() ?? {}))
  })

  for (const mutation of Object.keys(goodInputs({ reservation: '', received: '', cancelled: '', webhook: '', delivery: '' }))) {
    it(`stands in every event of ${mutation}, and takes effect once for its idempotencyKey`, async () => {
      const { input, document } = documented(mutation)
      const head = server.test.store.head()
      const first = await server.mutate(mutation, input)
      expect([first.userErrors, first.replayed]).to.deep.equal([[], false])
      const events = await eventsSince(head)
      expect(events).to.not.be.empty
      const rows = (input as { movements?: Document[] }).movements
      for (const [index, { metadata, occurredAt, recordedAt }] of events.entries()) {
        const said = rows?.[index] ?? document
        expect([metadata.reference, metadata.note]).to.deep.equal([said.reference, said.note])
        if (said.occurredAt === undefined) expect(recordedAt - occurredAt).to.be.within(0, 60_000)
        else expect(occurredAt).to.equal(Date.parse(said.occurredAt))
      }
      const again = await server.mutate(mutation, input)
      expect(again).to.deep.equal({ ...first, replayed: true })
      if (lastKey !== undefined) {
        const { userErrors: [error] } = await server.mutate(mutation, { ...input, idempotencyKey: lastKey })
        expect([error.code, error.field]).to.deep.equal(['IDEMPOTENCY_KEY_REUSED', ['input', 'idempotencyKey']])
      }
      expect(server.test.store.head(), 'it took effect twice').to.equal(events.at(-1)?.position)
      lastKey = (input as { idempotencyKey: string }).idempotencyKey
    })
  }
})

describe('pages', () => {
  let server: TestServer
  let shop: Shop

  before(async () => {
    shop = await openShop()
    ;({ server } = shop)
  })

  after(() => server.close())

  const ROOTS: Readonly<Record<string, string>> = {
    Query: '', Product: 'product(sku: "TEA")', Location: 'location(code: "LIS")', StockLevel: 'stockLevel(sku: "TEA", location: "LIS")',
  }
  const paged = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type)).flatMap((type) =>
    Object.values(type.getFields()).filter(({ args }) => args.some(({ name }) => name === 'first')).map((field) => ({ type: type.name, field })))

  for (const { type, field: { name, args, type: answer } } of paged) {
    it(`of ${type}.${name} hold 1 to 200, and say so`, async () => {
      expect(ROOTS[type], `${type} is not known here`).to.not.equal(undefined)
      const required = args.filter((arg) => String(arg.type).endsWith('!')).map((arg) => `, ${arg.name}: "TEA"`).join('')
      const ask = (first: number) => server.ask(ROOTS[type] === '' ? `{ ${field(first)} }` : `{ ${ROOTS[type]} { ${field(first)} } }`)
      const field = (first: number) => `${name}(first: ${first}${required}) { __typename pageInfo { hasNextPage } }`
      for (const first of [1, 200]) expect((await ask(first)).errors, `${getNamedType(answer).name} of ${first}`).to.equal(undefined)
      for (const first of [0, -1, 201, 2_147_483_647]) {
        const { errors } = await ask(first)
        expect(errors?.map(({ message, extensions: { code } }) => [code, message])).to.deep.equal([['BAD_USER_INPUT', 'first must be from 1 to 200.']])
      }
    })
  }
})

describe('a discontinued product', () => {
  it('takes no additions and no reservations, and can be sold off', async () => {
    const { server } = await openShop()
    try {
      const tea = { sku: 'TEA', location: 'LIS' }
      const { reservation } = await server.mutate('reserveStock', { lines: [{ ...tea, quantity: 2 }] }, 'reservation { id }')
      await server.mutate('discontinueProduct', { sku: 'TEA' })
      const codes = async (mutation: string, input: object): Promise<string[]> =>
        ((await server.mutate(mutation, input)).userErrors as { code: string; field: string[] }[]).map(({ code, field }) => `${code} ${field.join('.')}`)
      expect(await codes('addStock', { ...tea, quantity: 1 })).to.deep.equal(['INVALID_STATE input.sku'])
      expect(await codes('applyMovements', { movements: [{ ...tea, delta: 1 }] })).to.deep.equal(['INVALID_STATE input.movements.0.sku'])
      expect(await codes('reserveStock', { lines: [{ ...tea, quantity: 1 }] })).to.deep.equal(['INVALID_STATE input.lines.0.sku'])
      expect(await codes('reserveStock', { lines: [{ sku: 'TEA', quantity: 1 }] })).to.deep.equal(['INVALID_STATE input.lines.0.sku'])
      expect((await server.data('{ checkAvailability(lines: [{ sku: "TEA", quantity: 1 }]) { isAvailable } }')).checkAvailability.isAvailable).to.equal(false)
      for (const [mutation, input] of [
        ['removeStock', { ...tea, quantity: 1, reason: 'SOLD' }],
        ['applyMovements', { movements: [{ ...tea, delta: -1 }] }],
        ['countStock', { ...tea, counted: 8 }],
        ['putStockBack', { ...tea, quantity: 2 }],
        ['fulfillReservation', { id: reservation.id }],
        ['dispatchTransfer', { from: 'LIS', to: 'POR', lines: [{ sku: 'TEA', quantity: 1 }] }],
      ] as const) expect(await codes(mutation, input), mutation).to.deep.equal([])
    } finally {
      await server.close()
    }
  })
})
