/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-argument -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { MOVEMENTS_MAX } from '../../src/application/commands/types.ts'
import { DOMAIN_ERROR_CODES } from '../../src/domain/errors.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const MOVED = 'applied rejected stockLevels { product { sku } version cursor quantities { onHand } }'
const at = { sku: 'A', location: 'LIS' }

describe('GraphQL commands', () => {
  let server: TestServer

  beforeEach(async () => {
    server = await openTestServer()
    for (const sku of ['A', 'B']) await server.mutate('registerProduct', { sku, name: sku })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' })
  })

  afterEach(() => server.close())

  const head = () => server.test.store.head()
  const fields = (userErrors: { code: string; field: string[] }[]) => userErrors.map(({ code, field }) => [code, field.join('.')])
  const mixed = [
    { ...at, delta: 5 },
    { ...at, sku: 'NONE', delta: 1 },
    { ...at, sku: 'B', delta: 2, reference: 'order-2' },
    { ...at, delta: 0 },
    { ...at, delta: -6, reason: 'SOLD' },
    { ...at, sku: '', delta: 1 },
    { ...at, delta: -1 },
  ]
  const bad = [['NOT_FOUND', 'input.movements.1.sku'], ['INVALID_INPUT', 'input.movements.3.delta'], ['INSUFFICIENT_STOCK', 'input.movements.4.delta'], ['INVALID_INPUT', 'input.movements.5.sku']]

  it('applies no movement where one is bad, and names every bad one', async () => {
    const before = head()
    const answer = await server.mutate('applyMovements', { movements: mixed }, MOVED)
    expect(fields(answer.userErrors)).to.deep.equal(bad)
    expect(answer).to.deep.include({ applied: 0, rejected: 4, stockLevels: [], cursor: null, replayed: false })
    expect(head()).to.equal(before)
  })

  it('leaves bad movements out where it is told so, and gives the same answer again to the same key', async () => {
    const before = head()
    const input = { movements: mixed, errorPolicy: 'SKIP_FAILED', idempotencyKey: 'import-1' }
    const answer = await server.mutate('applyMovements', input, MOVED)
    expect(fields(answer.userErrors)).to.deep.equal(bad)
    expect(answer).to.include({ applied: 3, rejected: 4, replayed: false })
    expect(answer.stockLevels).to.deep.equal([
      { product: { sku: 'A' }, version: 2, cursor: answer.cursor, quantities: { onHand: 4 } },
      { product: { sku: 'B' }, version: 1, cursor: answer.cursor, quantities: { onHand: 2 } },
    ])
    expect(head()).to.equal(before + 3)
    expect(await server.mutate('applyMovements', input, MOVED)).to.deep.equal({ ...answer, replayed: true })
    expect(head()).to.equal(before + 3)
  })

  it('takes ten thousand movements with all that they say in one request', async () => {
    const movements = Array.from({ length: MOVEMENTS_MAX }, (_, index) =>
      ({ ...at, delta: 1, reason: 'FOUND', reference: `${'r'.repeat(120)}-${index}`, occurredAt: '2026-01-01T00:00:00.000Z' }))
    const answer = await server.mutate('applyMovements', { movements }, MOVED)
    expect(answer).to.deep.include({ applied: MOVEMENTS_MAX, rejected: 0, userErrors: [] })
    expect(answer.stockLevels[0]).to.deep.include({ version: MOVEMENTS_MAX, quantities: { onHand: MOVEMENTS_MAX } })
  })

  it('decides movements and appends nothing on a dry run', async () => {
    const before = head()
    const answer = await server.mutate('applyMovements', { movements: [{ ...at, delta: 5 }], dryRun: true }, MOVED)
    expect(answer).to.deep.include({ applied: 1, rejected: 0, userErrors: [], cursor: null })
    expect(answer.stockLevels[0].quantities.onHand).to.equal(5)
    expect(head()).to.equal(before)
  })

  it('counts, sets aside, puts back, sets a policy and closes', async () => {
    const level = 'stockLevel { version isLow quantities { onHand unavailable available } safetyStock: quantities { safetyStock } reorderPoint }'
    expect((await server.mutate('countStock', { ...at, counted: 9 }, level)).stockLevel.quantities).to.deep.equal({ onHand: 9, unavailable: 0, available: 9 })
    await server.mutate('setStockAside', { ...at, quantity: 4, reason: 'DAMAGED' })
    expect((await server.mutate('putStockBack', { ...at, quantity: 1 }, level)).stockLevel.quantities).to.deep.equal({ onHand: 9, unavailable: 3, available: 6 })
    expect((await server.mutate('setStockPolicy', { ...at, safetyStock: 2, reorderPoint: 6 }, level)).stockLevel).to.include({ isLow: true, reorderPoint: 6 })
    expect((await server.mutate('setStockPolicy', { ...at, reorderPoint: null }, level)).stockLevel)
      .to.deep.include({ isLow: false, reorderPoint: null, safetyStock: { safetyStock: 2 } })
    const held = await server.mutate('closeLocation', { code: 'LIS' }, 'location { status }')
    expect([fields(held.userErrors), held.userErrors[0].details.skus, held.location]).to.deep.equal([[['INVALID_STATE', 'input.code']], ['A'], null])
    await server.mutate('putStockBack', { ...at, quantity: 3 })
    await server.mutate('countStock', { ...at, counted: 0 })
    expect((await server.mutate('closeLocation', { code: 'LIS' }, 'location { status }')).location).to.deep.equal({ status: 'CLOSED' })
  })

  it('tells all that is wrong with an input at once', async () => {
    const before = head()
    const { userErrors } = await server.mutate('addStock', { sku: '', location: ' LIS', quantity: 0, reference: 'a\u0000', note: '', expectedVersion: -1, idempotencyKey: '' })
    expect(fields(userErrors).sort()).to.deep.equal(
      ['expectedVersion', 'idempotencyKey', 'location', 'note', 'quantity', 'reference', 'sku'].map((field) => ['INVALID_INPUT', `input.${field}`]))
    expect(userErrors.map(({ message }: { message: string }) => message)).to.include('quantity must be 1 or more.')
    expect(head()).to.equal(before)
  })

  it('gives each code that it documents', async () => {
    await server.mutate('addStock', { ...at, quantity: Number.MAX_SAFE_INTEGER, idempotencyKey: 'once' })
    const refused = [
      await server.mutate('updateProduct', { sku: 'NONE', name: 'x' }),
      await server.mutate('registerProduct', { sku: 'A', name: 'x' }),
      await server.mutate('addStock', { ...at, quantity: 0 }),
      await server.mutate('closeLocation', { code: 'LIS' }),
      await server.mutate('removeStock', { ...at, sku: 'B', quantity: 1, reason: 'SOLD' }),
      await server.mutate('removeStock', { ...at, quantity: 1, reason: 'SOLD', expectedVersion: 7 }),
      await server.mutate('addStock', { ...at, quantity: 1, idempotencyKey: 'once' }),
      await server.mutate('addStock', { ...at, quantity: 1 }),
    ]
    expect(refused.map(({ userErrors: [error] }) => error.code)).to.deep.equal([...DOMAIN_ERROR_CODES])
  })
})
