import { expect } from 'chai'
import { getIntrospectionQuery } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { DEFAULT_LIMITS, type Limits } from '../../src/presentation/limits.ts'
import { LENIENT_LIMITS } from './lenient-limits.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

const repeated = (count: number, text: (n: number) => string): string => Array.from({ length: count }, (_, n) => text(n)).join(' ')
const nested = (depth: number): string => `${'{a'.repeat(depth)}${'}'.repeat(depth)}`
const levels = (depth: number): string => (depth === 0 ? 'version' : `product { stockLevels(first: 1) { nodes { ${levels(depth - 1)} } } }`)

/** One over each limit, and far over. */
const TOO_MUCH: readonly (readonly [what: string, query: string, variables?: object])[] = [
  ['aliases', `{ system { ${repeated(101, (n) => `a${n}: lag`)} } }`],
  ['aliases of __typename', `{ system { ${repeated(101, (n) => `a${n}: __typename`)} } }`],
  ['10,000 aliases', `{ ${repeated(10_000, (n) => `a${n}: __typename`)} }`],
  ['fields of one name', `{ system { ${repeated(3_000, () => '__typename')} } }`],
  ['fields at the root', `{ ${repeated(51, () => '__typename')} }`],
  ['fields at the root through fragments', `{ ...A ...A } fragment A on Query { ${repeated(26, () => '__typename')} }`],
  ['commands at the root', `mutation { ${repeated(51, (n) => `a${n}: addStock(input: { sku: "TEA", location: "LIS", quantity: 1 }) { cursor }`)} }`],
  ['5,000 directives', `{ __typename ${repeated(5_000, () => '@skip(if: false)')} }`],
  ['directives', `{ system { ${repeated(51, () => 'lag @skip(if: false)')} } }`],
  ['fragments', `{ ${repeated(101, () => '... { __typename }')} }`],
  ['fragments that double each other', `{ ...F0 } ${repeated(60, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on Query { __typename }`],
  ['operations', repeated(51, (n) => `query Q${n} { __typename }`)],
  ['fields in fields', `{ stockLevels(first: 1) { nodes { ${levels(5)} } } }`],
  ['fields in fields through fragments', `{ ...A } fragment A on Query { stockLevels(first: 1) { nodes { ...B } } } fragment B on StockLevel { ${levels(5)} }`],
  ['10,000 fields in fields', nested(10_000)],
  ['a list in 10,000 lists', `{ products(search: ${'['.repeat(10_000)}) { totalCount } }`],
  ['pages of pages', '{ products(first: 200) { nodes { stockLevels(first: 200) { nodes { version updatedAt } } } } }'],
  ['pages of pages by variables', 'query ($n: Int) { products(first: $n) { nodes { stockLevels(first: $n) { nodes { version updatedAt } } } } }', { n: 200 }],
  ['pages of pages by default', 'query ($n: Int = 200) { products(first: $n) { nodes { stockLevels(first: $n) { nodes { version updatedAt } } } } }'],
  ['pages of pages of history', '{ stockLevels { nodes { product { stockLevels { nodes { history { nodes { type } } } } } } } }'],
  ['tokens', `{ stockLevels(filter: { skus: [${repeated(10_000, () => '""')}] }) { totalCount } }`],
  ['characters in a name', `{ ${'x'.repeat(257)} }`],
  ['characters in an enum value', `{ stockLevels(orderBy: ${'X'.repeat(200_000)}) { totalCount } }`],
  ['a comment of 2 MB', `#${'x'.repeat(2 * 1_048_576)}\n{ __typename }`],
]

const FINE: readonly (readonly [what: string, query: string, variables?: object])[] = [
  ['what tools ask to know the schema', getIntrospectionQuery({ inputValueDeprecation: true, directiveIsRepeatable: true, schemaDescription: true, specifiedByUrl: true })],
  ['a hundred aliases', `{ system { ${repeated(100, (n) => `a${n}: lag`)} } }`],
  ['fifty fields at the root', `{ ${repeated(50, () => '__typename')} }`],
  ['a page of 200 with all of each stock level', `{ stockLevels(first: 200) { totalCount cursor pageInfo { endCursor } nodes { id version updatedAt stale cursor isLow
    quantities { onHand reserved unavailable available incoming safetyStock availableToPromise } product { sku name attributes } location { code name } } } }`],
  ['pages of small pages by variables', 'query ($n: Int) { products(first: $n) { nodes { stockLevels(first: $n) { nodes { version } } } } }', { n: 10 }],
]

interface Refusal { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number } }

describe('the limits', () => {
  let test: TestInventory
  let server: HttpServer

  before(async () => {
    test = await openTestInventory()
    server = await serve(LENIENT_LIMITS)
  })

  after(async () => {
    await server.close()
    await test.close()
  })

  const serve = (limits?: Limits): Promise<HttpServer> => startHttpServer({
    inventory: test.inventory, authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next(), ...(limits && { limits }),
  })

  const post = ({ url }: HttpServer, query: string, variables: object = {}) =>
    fetch(`${url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json' } })
  const connect = ({ url }: HttpServer): Client =>
    createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 })

  /** What an operation on a socket is answered with: its result's errors, or those that ended it. */
  async function refusalsOn(client: Client, query: string, variables: object = {}): Promise<readonly Refusal[]> {
    try {
      const answer: unknown = await client.iterate({ query, variables: { ...variables } }).next()
      return (answer as { value: { errors?: Refusal[] } }).value.errors ?? []
    } catch (errors) {
      return errors as Refusal[]
    }
  }

  for (const [what, query, variables] of TOO_MUCH) {
    it(`refuse ${what} as QUERY_TOO_COMPLEX in a few words`, async () => {
      const response = await post(server, query, variables)
      const text = await response.text()
      expect(response.status, text).to.equal(400)
      expect(text.length).to.be.below(4_096)
      const { errors } = JSON.parse(text) as { errors: Refusal[] }
      expect(errors.map(({ extensions }) => extensions)).to.deep.equal([{ code: 'QUERY_TOO_COMPLEX' }])
      expect(errors[0]?.message).to.include('more than')
    })
  }

  it('are the same on a socket, which goes on', async () => {
    const client = connect(server)
    try {
      for (const [what, query, variables] of TOO_MUCH.filter(([, text]) => text.length < DEFAULT_LIMITS.socket.messageBytesMax)) {
        expect((await refusalsOn(client, query, variables)).map(({ extensions }) => extensions), what).to.deep.equal([{ code: 'QUERY_TOO_COMPLEX' }])
      }
      expect(await refusalsOn(client, '{ __typename }')).to.deep.equal([])
    } finally {
      await client.dispose()
    }
  })

  for (const [what, query, variables] of FINE) {
    it(`let through ${what}`, async () => {
      const client = connect(server)
      try {
        expect(await (await post(server, query, variables)).json()).to.not.have.property('errors')
        expect(await refusalsOn(client, query, variables)).to.deep.equal([])
      } finally {
        await client.dispose()
      }
    })
  }

  it('leave fragments that lead back to themselves to validation', async () => {
    const response = await post(server, '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')
    expect([response.status, await response.text()]).to.satisfy(([status, text]: [number, string]) => status === 400 && text.includes('BAD_USER_INPUT'))
  })

  const perSecond = (requestsPerSecond: number, costPerSecond: number): Limits => ({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, requestsPerSecond, costPerSecond } })

  for (const [what, limits, query] of [
    ['requests', perSecond(1, 1_000), '{ __typename }'],
    ['work', perSecond(1_000, 10), '{ stockLevels(first: 9) { totalCount } }'],
  ] as const) {
    it(`refuse a caller's ${what} over its share with when to ask again, over HTTP and on sockets together`, async () => {
      const busy = await serve(limits)
      const client = connect(busy)
      try {
        for (let asked = 1; asked <= 10; asked++) expect((await post(busy, query)).status).to.equal(200)
        for (let asked = 11; asked <= 12; asked++) {
          const response = await post(busy, query)
          expect([response.status, Number(response.headers.get('retry-after'))]).to.satisfy(([status, after]: [number, number]) => status === 429 && after >= 1)
          const { errors: [error] } = (await response.json()) as { errors: [Refusal] }
          expect(error.extensions?.code).to.equal('RATE_LIMITED')
          expect(error.extensions?.retryAfterMs).to.be.within(1, 10_000)
        }
        const [refusal] = await refusalsOn(client, query)
        expect(refusal?.extensions?.code).to.equal('RATE_LIMITED')
        expect(refusal?.extensions?.retryAfterMs).to.be.within(1, 10_000)
      } finally {
        await client.dispose()
        await busy.close()
      }
    })
  }

  for (const [what, send] of [
    ['that are too much', (busy: HttpServer) => post(busy, `{ ${'__typename '.repeat(51)} }`)],
    ['that are no JSON', ({ url }: HttpServer) => fetch(`${url}/graphql`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })],
    ['that ask for several operations at once', ({ url }: HttpServer) => fetch(`${url}/graphql`, { method: 'POST', body: '[{"query":"{ __typename }"}]', headers: { 'content-type': 'application/json' } })],
    ['that are no GraphQL', (busy: HttpServer) => post(busy, '{')],
    ['for what is not in the schema', (busy: HttpServer) => post(busy, '{ nothing }')],
    ['with variables that do not fit', (busy: HttpServer) => post(busy, 'query ($n: Int!) { products(first: $n) { totalCount } }', { n: 'x' })],
  ] as const) {
    it(`keep out for a while whoever sends requests ${what} again and again, over HTTP and on sockets`, async () => {
      const busy = await serve({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, refusalsPerSecond: 1 } })
      const client = connect(busy)
      try {
        for (let sent = 0; sent < 10; sent++) expect((await send(busy)).status).to.equal(400)
        expect((await post(busy, '{ __typename }')).status).to.equal(200)
        expect((await send(busy)).status).to.equal(400)
        const response = await post(busy, '{ __typename }')
        expect([response.status, Number(response.headers.get('retry-after'))]).to.satisfy(([status, after]: [number, number]) => status === 429 && after >= 1)
        expect((await refusalsOn(client, '{ __typename }')).map(({ extensions }) => extensions?.code)).to.deep.equal(['RATE_LIMITED'])
      } finally {
        await client.dispose()
        await busy.close()
      }
    })
  }

  for (const [what, query, variables] of [
    ['are too much', `{ ${'__typename '.repeat(51)} }`],
    ['are no GraphQL', '{'],
    ['ask for what is not in the schema', '{ nothing }'],
    ['have variables that do not fit', 'query ($n: Int!) { products(first: $n) { totalCount } }', { n: 'x' }],
  ] as const) {
    it(`keep out for a while whoever sends operations on a socket that ${what} again and again`, async () => {
      const busy = await serve({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, refusalsPerSecond: 1 } })
      const client = connect(busy)
      try {
        for (let sent = 0; sent < 11; sent++) expect((await refusalsOn(client, query, variables)).map(({ extensions }) => extensions?.code)).to.not.include('RATE_LIMITED')
        expect((await refusalsOn(client, '{ __typename }')).map(({ extensions }) => extensions?.code)).to.deep.equal(['RATE_LIMITED'])
        expect((await post(busy, '{ __typename }')).status).to.equal(429)
      } finally {
        await client.dispose()
        await busy.close()
      }
    })
  }

  it('count a large request that is refused as several', async () => {
    const busy = await serve({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, refusalsPerSecond: 1 } })
    try {
      expect((await post(busy, `{ nothing } #${'x'.repeat(10 * 8_192)}`)).status).to.equal(400)
      expect((await post(busy, '{ __typename }')).status).to.equal(429)
    } finally {
      await busy.close()
    }
  })

  it('keep out what a caller sent before it was refused too often and is still reading in', async () => {
    const busy = await serve({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, refusalsPerSecond: 1 } })
    const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n'
    const slow = connectSocket(Number(new URL(busy.url).port), '127.0.0.1').setEncoding('utf8')
    try {
      slow.write(head)
      expect((await post(busy, `{ nothing } #${'x'.repeat(10 * 8_192)}`)).status).to.equal(400)
      slow.write('{"query":"{ __typename }"}')
      expect(await text(slow)).to.match(/^HTTP\/1\.1 429 /)
    } finally {
      slow.destroy()
      await busy.close()
    }
  })

  it('close a connection that has nothing more to ask', async () => {
    const hasty = await serve({ ...DEFAULT_LIMITS, http: { ...DEFAULT_LIMITS.http, idleMsMax: 100 } })
    try {
      const socket = connectSocket(Number(new URL(hasty.url).port), '127.0.0.1').resume()
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(socket, 'close')
      expect(socket.bytesRead).to.be.greaterThan(0)
    } finally {
      await hasty.close()
    }
  })

  it('hold the subscriptions of a caller over all its sockets, and let it begin another when one ends', async () => {
    const few = await serve({ ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, subscriptionsMax: 2 } })
    const clients = [connect(few), connect(few), connect(few)] as const
    const subscription = 'subscription { events { cursor } }'
    try {
      const open = clients.slice(0, 2).map((client) => client.iterate({ query: subscription }))
      const first = open.map((answers) => answers.next())
      while (test.inventory.status().subscribers < 2) await new Promise(setImmediate)
      expect((await refusalsOn(clients[2], subscription)).map(({ extensions }) => extensions?.code)).to.deep.equal(['RATE_LIMITED'])
      await open[0]!.return!()
      await first[0]
      while (test.inventory.status().subscribers === 2) await new Promise(setImmediate)
      const another = clients[2].iterate({ query: subscription })
      void another.next()
      while (test.inventory.status().subscribers < 2) await new Promise(setImmediate)
    } finally {
      for (const client of clients) await client.dispose()
      await few.close()
    }
  })
})
