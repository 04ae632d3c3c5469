import { expect } from 'chai'
import { Unavailable } from '../../src/application/ports.ts'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

interface Answer { readonly data?: Record<string, unknown>; readonly errors?: { readonly message: string; readonly extensions: { readonly code: string } }[] }

describe('GraphQL over HTTP', () => {
  let test: TestInventory
  let server: HttpServer

  before(async () => {
    test = await openTestInventory()
    const newCorrelationId = () => uuidV7.next()
    server = await startHttpServer({ inventory: test.inventory, authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId })
  })

  after(async () => {
    await server.close()
    await test.close()
  })

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const ask = async (query: string): Promise<Answer> => (await (await post(JSON.stringify({ query }))).json()) as Answer

  it('takes stock in, sells it, and shows it with its product and location', async () => {
    const { data, errors } = await ask(`mutation {
      registerProduct(input: { sku: "TEA", name: "Green tea" }) { product { id sku unit status } userErrors { code } }
      openLocation(input: { code: "LIS", name: "Lisbon" }) { location { kind timeZone } userErrors { code } }
      addStock(input: { sku: "TEA", location: "LIS", quantity: 40 }) { replayed cursor userErrors { code } }
      removeStock(input: { sku: "TEA", location: "LIS", quantity: 3, reason: SOLD }) { stockLevel { version quantities { onHand availableToPromise } } userErrors { code } }
    }`)
    expect(errors, JSON.stringify(errors)).to.equal(undefined)
    expect(data?.removeStock).to.deep.equal({ stockLevel: { version: 2, quantities: { onHand: 37, availableToPromise: 37 } }, userErrors: [] })
    const page = await ask('{ stockLevels(filter: { search: "green" }) { totalCount cursor nodes { isLow product { name } location { code } quantities { onHand } } } }')
    const connection = page.data?.stockLevels as { totalCount: number; nodes: unknown[] }
    expect(connection.totalCount).to.equal(1)
    expect(connection.nodes).to.deep.equal([{ isLow: false, product: { name: 'Green tea' }, location: { code: 'LIS' }, quantities: { onHand: 37 } }])
  })

  it('says as data what a command could not do, with the path into its input', async () => {
    const { data } = await ask('mutation { removeStock(input: { sku: "TEA", location: "LIS", quantity: 900, reason: SOLD }) { userErrors { code field details } } }')
    const { userErrors: [error] } = data?.removeStock as { userErrors: [{ code: string; field: string[]; details: object }] }
    expect([error.code, error.field]).to.deep.equal(['INSUFFICIENT_STOCK', ['input', 'quantity']])
    expect(error.details).to.include({ requested: 900, availableToPromise: 37 })
  })

  for (const [what, query] of [
    ['a fraction as quantity', 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 1.5 }) { replayed } }'],
    ['a quantity beyond 2^53', 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 9007199254740993 }) { replayed } }'],
    ['an unknown reason', 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 1, reason: GIFT }) { replayed } }'],
    ['a moment without its zone', 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 1, occurredAt: "2026-01-01T00:00:00" }) { replayed } }'],
    ['too large a page', '{ stockLevels(first: 201) { totalCount } }'],
    ['a cursor that is none', '{ stockLevels(after: "x") { totalCount } }'],
    ['a cursor of another log', '{ stockLevel(sku: "TEA", location: "LIS", atLeast: "b3RoZXI6MQ") { version } }'],
    ['an unknown field', '{ stock }'],
  ] as const) {
    it(`refuses ${what} as BAD_USER_INPUT and appends nothing`, async () => {
      const before = test.store.head()
      const { errors } = await ask(query)
      expect(errors?.map((error) => error.extensions.code)).to.deep.equal(['BAD_USER_INPUT'])
      expect(test.store.head()).to.equal(before)
    })
  }

  it('refuses a body that is no JSON or too large', async () => {
    expect((await post('{')).status).to.equal(400)
    expect((await post(JSON.stringify({ query: 'x'.repeat(9_000_000) }))).status).to.equal(413)
  })

  it('keeps the correlation id that it was given, and makes one otherwise', async () => {
    const given = await post('{"query":"{ __typename }"}', { 'x-correlation-id': 'till-7:42' })
    expect(given.headers.get('x-correlation-id')).to.equal('till-7:42')
    expect((await post('{"query":"{ __typename }"}')).headers.get('x-correlation-id')).to.match(/^[0-9a-f-]{36}$/)
  })

  it('is alive and ready', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).to.equal(200)
    expect((await fetch(`${server.url}/readyz`)).status).to.equal(200)
  })

  for (const [what, cause, code] of [
    ['what is away as UNAVAILABLE, with when to ask again', new Unavailable('The store is away.', 250), 'UNAVAILABLE'],
    ['anything else masked, and logs it under the correlation id', new Error('a secret of the inside'), 'INTERNAL'],
  ] as const) {
    it(`answers ${what}`, async () => {
      const logged: object[] = []
      const logger = { ...silent, error: (facts: object) => { logged.push(facts) } }
      const queries = { ...test.inventory.queries, atHand: undefined, stockLevels: () => Promise.reject(cause) }
      const broken = await startHttpServer({ inventory: { ...test.inventory, queries }, authenticator: openToAll, logger, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => 'c-9' })
      try {
        const body = JSON.stringify({ query: '{ stockLevel(sku: "TEA", location: "LIS") { version } }' })
        const response = await fetch(`${broken.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
        const text = await response.text()
        expect(text).to.include(code).and.not.include('secret')
        if (code === 'UNAVAILABLE') expect(text).to.include('"retryAfterMs":250')
        expect(logged).to.deep.equal(code === 'INTERNAL' ? [{ err: cause, path: ['stockLevel'], correlationId: 'c-9' }] : [])
      } finally {
        await broken.close()
      }
    })
  }
})
