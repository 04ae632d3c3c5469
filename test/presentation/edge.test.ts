import { expect } from 'chai'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { sha256 } from '../../src/presentation/graphql/limits/trusted-documents.ts'
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/presentation/http/server.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

const TRUSTED = ['query Where($sku: String!) { product(sku: $sku) { sku } }', '{ __typename }'] as const

describe('what a server shows to whom', () => {
  let test: TestInventory
  const servers: HttpServer[] = []
  let usual: HttpServer
  let production: HttpServer
  let shared: HttpServer
  let trusting: HttpServer

  before(async () => {
    test = await openTestInventory()
    usual = await serve({})
    production = await serve({ introspection: false, explorer: false })
    shared = await serve({ corsOrigins: ['https://shop.example'] })
    trusting = await serve({ trustedDocuments: TRUSTED })
  })

  after(async () => {
    for (const server of servers) await server.close()
    await test.close()
  })

  async function serve(options: Partial<HttpServerOptions>): Promise<HttpServer> {
    const server = await startHttpServer({
      inventory: test.inventory, authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next(), ...options,
    })
    servers.push(server)
    return server
  }

  const post = (server: HttpServer, body: object, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })

  /** The first message that a socket gets for the document. */
  async function told(server: HttpServer, query: string, headers: Record<string, string> = {}): Promise<string> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await once(socket, 'message')
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    const [message] = (await once(socket, 'message')) as [Buffer]
    socket.terminate()
    return message.toString()
  }

  async function refusedSocket(server: HttpServer, origin: string): Promise<number> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { origin } }).on('error', () => undefined)
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }]
    response.destroy()
    return response.statusCode
  }

  const WRONG_NAMES = ['{ stockLevel(sku: "TEA", location: "LIS") { versio } }', '{ product(skoo: "TEA") { sku } }', '{ stockLevels(orderBy: SKUU) { totalCount } }', '{ sistem { lag } }']

  it('names what may have been meant, and not in production, over HTTP and on sockets', async () => {
    for (const query of WRONG_NAMES) {
      expect(await (await post(usual, { query })).text(), query).to.include('Did you mean')
      expect(await told(usual, query), query).to.include('Did you mean')
      expect(await (await post(production, { query })).text(), query).to.include('BAD_USER_INPUT').and.not.include('Did you mean')
      expect(await told(production, query), query).to.include('BAD_USER_INPUT').and.not.include('Did you mean')
    }
  })

  it('names nothing in production either where a variable is wrong', async () => {
    const asked = { query: 'query ($by: StockOrder) { stockLevels(orderBy: $by) { totalCount } }', variables: { by: 'SKUU' } }
    for (let time = 1; time <= 4; time++) expect(await (await post(production, asked)).text()).to.include('BAD_USER_INPUT').and.not.include('Did you mean')
  })

  it('shows its schema, and not in production', async () => {
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Product") { name } }']) {
      expect((await post(usual, { query })).status).to.equal(200)
      expect(await told(usual, query)).to.include('"type":"next"')
      const refused = await post(production, { query })
      expect([refused.status, await refused.text()]).to.satisfy(([status, text]: [number, string]) => status === 400 && text.includes('BAD_USER_INPUT'))
      expect(await told(production, query)).to.include('"type":"error"').and.include('BAD_USER_INPUT')
    }
    expect((await post(production, { query: '{ system { __typename } }' })).status).to.equal(200)
  })

  it('has no explorer in production', async () => {
    expect((await fetch(`${production.url}/graphiql`)).status).to.equal(404)
    expect((await fetch(`${usual.url}/graphiql`)).status).to.not.equal(404)
  })

  it('lets pages of the origins that are allowed use the API, and no others', async () => {
    const preflight = (server: HttpServer, origin: string) => fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight(shared, 'https://shop.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).to.deep.equal([204, 'https://shop.example', 'origin'])
    expect(allowed.headers.get('access-control-allow-headers')).to.include('authorization')
    for (const [server, origin] of [[shared, 'https://evil.example'], [usual, 'https://shop.example']] as const) {
      const refused = await preflight(server, origin)
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).to.deep.equal([400, null])
      expect((await post(server, { query: '{ __typename }' }, { origin })).headers.get('access-control-allow-origin')).to.equal(null)
    }
    expect((await post(shared, { query: '{ __typename }' }, { origin: 'https://shop.example' })).headers.get('access-control-allow-origin')).to.equal('https://shop.example')
  })

  it('opens no socket to a page of another site, unless its origin is allowed', async () => {
    expect(await refusedSocket(usual, 'https://shop.example')).to.equal(403)
    expect(await refusedSocket(shared, 'https://evil.example')).to.equal(403)
    expect(await refusedSocket(usual, 'null')).to.equal(403)
    expect(await told(shared, '{ __typename }', { origin: 'https://shop.example' })).to.include('"type":"next"')
    expect(await told(usual, '{ __typename }', { origin: usual.url })).to.include('"type":"next"')
  })

  it('takes no request that a form of another site could send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await fetch(`${usual.url}/graphql`, { method: 'POST', body: '{"query":"{ __typename }"}', headers: { 'content-type': type } })).status, type).to.equal(400)
    }
    expect((await fetch(`${usual.url}/graphql?query={__typename}`)).status).to.equal(400)
  })

  it('answers the documents that it trusts, by text and by hash, and no others', async () => {
    const [where] = TRUSTED
    const variables = { sku: 'TEA' }
    for (const asked of [{ query: where }, { documentId: sha256(where) }, { documentId: `sha256:${sha256(where)}` }, { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(where) } } }]) {
      expect(await (await post(trusting, { ...asked, variables })).json()).to.deep.equal({ data: { product: null } })
    }
    for (const asked of [{ query: `${where} ` }, { query: '{ system { lag } }' }, { documentId: sha256('{ system { lag } }') }, { documentId: '__proto__' }, { operationName: 'Where' }]) {
      const refused = await post(trusting, asked)
      expect([refused.status, ((await refused.json()) as { errors: [{ extensions: object }] }).errors[0].extensions]).to.deep.equal([403, { code: 'FORBIDDEN' }])
    }
    expect(await told(trusting, '{ __typename }')).to.include('"type":"next"')
    expect(await told(trusting, '{ system { lag } }')).to.include('FORBIDDEN')
    const get = (query: string) => fetch(`${trusting.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { 'apollo-require-preflight': '1' } })
    expect((await get('{ __typename }')).status).to.equal(200)
    expect((await get('{ system { lag } }')).status).to.equal(403)
  })
})
