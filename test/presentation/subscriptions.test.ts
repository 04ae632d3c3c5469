import { expect } from 'chai'
import { type Client, createClient } from 'graphql-ws'
import type { FormattedExecutionResult as Answer, GraphQLFormattedError } from 'graphql'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Inventory } from '../../src/application/inventory.ts'
import { unobserved } from '../../src/application/observer.ts'
import type { Logger } from '../../src/application/ports.ts'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createCallers } from '../../src/presentation/callers.ts'
import { createAdmission } from '../../src/presentation/graphql/limits/admission.ts'
import { createOperations } from '../../src/presentation/graphql/operations.ts'
import { createSchema } from '../../src/presentation/graphql/schema.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { createOrigins } from '../../src/presentation/http/origins.ts'
import { serveWebSocket } from '../../src/presentation/http/websocket.ts'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

const caller = { correlationId: 'c-1' }
const PROTOCOL = 'graphql-transport-ws'

interface Change {
  readonly cursor: string
  readonly event: { readonly type: string; readonly data: object }
  readonly stockLevel: { readonly version: number; readonly product: { readonly name: string } }
  readonly [field: string]: unknown
}

type Answers = ReturnType<Client['iterate']>

const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await turn() }

const serve = (inventory: Inventory, logger: Logger = silent): Promise<HttpServer> =>
  startHttpServer({ inventory, authenticator: openToAll, logger, version: '0.0.0', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next() })

const socketUrl = ({ url }: Pick<HttpServer, 'url'>, path = '/graphql'): string => `${url.replace('http', 'ws')}${path}`

const connect = (server: HttpServer, connectionParams?: Record<string, unknown>): Client =>
  createClient({ url: socketUrl(server), webSocketImpl: WebSocket, retryAttempts: 0, ...(connectionParams && { connectionParams }) })

describe('GraphQL over WebSocket', () => {
  let test: TestInventory
  let server: HttpServer
  let client: Client

  before(async () => {
    test = await openTestInventory()
    server = await serve(test.inventory)
    client = connect(server)
    const { commands } = test.inventory
    for (const sku of ['TEA', 'MUG']) await commands.registerProduct({ sku, name: `The ${sku}`, barcode: null, unit: 'EACH', attributes: {} }, caller)
    for (const code of ['LIS', 'OPO']) await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
  })

  after(async () => {
    await client.dispose()
    await server.close()
    await test.close()
  })

  const subscribers = (): number => test.inventory.status().subscribers
  const add = (sku: string, location: string, quantity = 5) => test.inventory.commands.addStock({ sku, location, quantity, reason: 'RECEIVED' }, caller)
  const ask = async (query: string, through = client): Promise<Answer> => (await through.iterate({ query }).next()).value as Answer

  /** The errors that an operation is answered with, or ended. */
  const refusals = (query: string, through = client): Promise<readonly GraphQLFormattedError[]> =>
    ask(query, through).then(({ errors = [] }) => errors, (errors: unknown) => errors as GraphQLFormattedError[])

  /** A subscription that has begun: what happens from here on is told. */
  async function subscribed(field: string, through = client): Promise<Answers> {
    const others = subscribers()
    const answers = through.iterate({ query: `subscription { ${field} }` })
    const first = answers.next()
    await Promise.race([until(() => subscribers() > others), first])
    let isFirst = true
    const next = (): ReturnType<Answers['next']> => {
      if (!isFirst) return answers.next()
      isFirst = false
      return first
    }
    return Object.assign(Object.create(answers) as Answers, { next, return: () => answers.return!() })
  }

  async function taken<Found>(answers: Answers, count: number, field: string): Promise<Found[]> {
    const found: Found[] = []
    while (found.length < count) {
      const { data, errors } = (await answers.next()).value as Answer
      expect(errors, JSON.stringify(errors)).to.equal(undefined)
      found.push(data?.[field] as Found)
    }
    await answers.return!()
    return found
  }

  const STOCK = 'cursor event { type data } stockLevel { version cursor stale product { name } location { code } quantities { onHand available } } onHandDelta reservedDelta availableDelta'
  const stock = (answers: Answers, count: number) => taken<Change>(answers, count, 'stockChanged')

  it('tells a change with its event, the stock level right after it, and by how much', async () => {
    const answers = await subscribed(`stockChanged(skus: ["TEA"]) { ${STOCK} }`)
    await add('TEA', 'LIS', 40)
    await test.inventory.commands.setStockAside({ sku: 'TEA', location: 'LIS', quantity: 4, reason: 'DAMAGED' }, caller)
    await test.inventory.commands.setStockPolicy({ sku: 'TEA', location: 'LIS', policy: { safetyStock: 2 } }, caller)
    const [added, aside, policy] = await stock(answers, 3) as [Change, Change, Change]
    expect(added).to.deep.equal({
      cursor: added.cursor,
      event: { type: 'StockAdded', data: { quantity: 40, reason: 'RECEIVED' } },
      stockLevel: { version: 1, cursor: added.cursor, stale: false, product: { name: 'The TEA' }, location: { code: 'LIS' }, quantities: { onHand: 40, available: 40 } },
      onHandDelta: 40, reservedDelta: 0, availableDelta: 40,
    })
    expect([aside.onHandDelta, aside.availableDelta]).to.deep.equal([0, -4])
    expect([policy.event.type, policy.onHandDelta, policy.reservedDelta, policy.availableDelta]).to.deep.equal(['StockPolicySet', 0, 0, 0])
  })

  it('looks up anew with each change what belongs to it', async () => {
    const answers = await subscribed('stockChanged { cursor stockLevel { product { name } } }')
    await add('MUG', 'LIS')
    await until(() => subscribers() > 0)
    const first = (await answers.next()).value as Answer
    await test.inventory.commands.updateProduct({ sku: 'MUG', name: 'Cup' }, caller)
    await add('MUG', 'LIS')
    const [second] = await stock(answers, 1)
    expect([(first.data?.stockChanged as Change).stockLevel.product.name, second?.stockLevel.product.name]).to.deep.equal(['The MUG', 'Cup'])
  })

  for (const [filter, wanted] of [
    ['skus: ["TEA"]', ['TEA@LIS', 'TEA@OPO']],
    ['locations: ["OPO"]', ['MUG@OPO', 'TEA@OPO']],
    ['skus: ["TEA"], locations: ["OPO"]', ['TEA@OPO']],
    ['skus: null', ['MUG@LIS', 'TEA@LIS', 'MUG@OPO', 'TEA@OPO']],
  ] as const) {
    it(`keeps to the filter (${filter}), live and from a cursor on`, async () => {
      const { position } = await add('MUG', 'LIS')
      const field = (more: string) => `stockChanged(${filter}${more}) { event { stream } }`
      const live = await subscribed(field(''))
      for (const [sku, location] of [['MUG', 'LIS'], ['TEA', 'LIS'], ['MUG', 'OPO'], ['TEA', 'OPO']] as const) await add(sku, location)
      const missed = await subscribed(field(`, after: "${cursorOf(position!)}"`))
      for (const answers of [live, missed]) {
        const found = await taken<{ event: { stream: string } }>(answers, wanted.length, 'stockChanged')
        expect(found.map(({ event }) => event.stream)).to.deep.equal(wanted.map((name) => `stock:${name}`))
      }
    })
  }

  const cursorOf = (position: number): string => Buffer.from(`${test.store.id}:${position}`).toString('base64url')

  it('goes on from the cursor of a change, a page and a payload, with nothing twice', async () => {
    const page = (await ask('{ stockLevels { cursor } }')).data?.stockLevels as { cursor: string }
    const payload = (await ask('mutation { addStock(input: { sku: "TEA", location: "OPO", quantity: 1 }) { cursor } }')).data?.addStock as { cursor: string }
    await add('TEA', 'OPO', 2)
    const fromPage = await stock(await subscribed(`stockChanged(after: "${page.cursor}") { cursor onHandDelta }`), 2)
    const fromPayload = await stock(await subscribed(`stockChanged(after: "${payload.cursor}") { cursor onHandDelta }`), 1)
    const live = await subscribed(`stockChanged(after: "${fromPage[0]!.cursor}") { cursor onHandDelta }`)
    await add('TEA', 'OPO', 3)
    const fromChange = await stock(live, 2)
    expect([fromPage, fromPayload, fromChange].map((changes) => changes.map(({ onHandDelta }) => onHandDelta))).to.deep.equal([[1, 2], [2], [2, 3]])
  })

  it('tells the events that a filter asks for', async () => {
    const field = (more = '') => `events(filter: { types: ["StockRemoved"], reference: "R-9", skus: ["TEA"] }${more}) { type reference sku cursor }`
    const from = test.store.head()
    const live = await subscribed(field())
    const removed = { sku: 'TEA', location: 'LIS', quantity: 1, reason: 'SOLD' }
    await test.inventory.commands.removeStock(removed, caller)
    await test.inventory.commands.addStock({ ...removed, reason: 'RECEIVED', reference: 'R-9' }, caller)
    const { position } = await test.inventory.commands.removeStock({ ...removed, reference: 'R-9' }, caller)
    for (const answers of [live, await subscribed(field(`, after: "${cursorOf(from)}"`))]) {
      expect(await taken(answers, 1, 'events')).to.deep.equal([{ type: 'StockRemoved', reference: 'R-9', sku: 'TEA', cursor: cursorOf(position!) }])
    }
  })

  for (const [what, query] of [
    ['a cursor that is none', () => 'subscription { stockChanged(after: "x") { cursor } }'],
    ['a cursor of another log', () => 'subscription { events(after: "b3RoZXI6MQ") { cursor } }'],
    ['a cursor beyond the end of the log', () => `subscription { stockChanged(after: "${cursorOf(test.store.head() + 1)}") { cursor } }`],
    ['too many SKUs', () => `subscription { stockChanged(skus: ${JSON.stringify(Array(1_001).fill('A'))}) { cursor } }`],
    ['too many types', () => `subscription { events(filter: { types: ${JSON.stringify(Array(1_001).fill('A'))} }) { cursor } }`],
  ] as const) {
    it(`refuses ${what} as BAD_USER_INPUT, and goes on`, async () => {
      const errors = await refusals(query())
      expect(errors.map(({ extensions }) => extensions?.code), JSON.stringify(errors)).to.deep.equal(['BAD_USER_INPUT'])
      expect(subscribers()).to.equal(0)
    })
  }

  for (const query of ['subscription { stockChanged(', 'subscription { stock }', '{ stock }']) {
    it(`refuses the document ${query} as BAD_USER_INPUT, and goes on`, async () => {
      expect((await refusals(query)).map(({ extensions }) => extensions)).to.deep.equal([{ code: 'BAD_USER_INPUT' }])
      expect((await ask('{ __typename }')).data).to.deep.equal({ __typename: 'Query' })
    })
  }

  it('answers queries and commands, and keeps the correlation id that the connection or the operation brings', async () => {
    const till = connect(server, { correlationId: 'till-7:42' })
    const query = 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 1 }) { cursor userErrors { code } } }'
    try {
      for (const [extensions, correlationId] of [[{}, 'till-7:42'], [{ correlationId: 'sale-1' }, 'sale-1']] as const) {
        await till.iterate({ query, extensions }).next()
        const { events: [event] } = await test.store.find({}, { last: 1 })
        expect(event?.metadata.correlationId).to.equal(correlationId)
      }
    } finally {
      await till.dispose()
    }
  })

  it('leaves when the client unsubscribes or is gone', async () => {
    const answers = await subscribed('stockChanged { cursor }')
    await answers.return!()
    await until(() => subscribers() === 0)
    const other = connect(server)
    void (await subscribed('events { cursor }', other)).next().catch(() => undefined)
    expect(subscribers()).to.equal(1)
    other.terminate()
    await until(() => subscribers() === 0)
  })

  it('masks what fails inside, before and while it is subscribed, and logs it under the correlation id that it tells', async () => {
    const logged: { err?: unknown; correlationId?: string }[] = []
    const secret = new Error('a secret of the inside')
    const { inventory } = test
    const failing = (...asked: Parameters<typeof inventory.changes.events>) => Object.assign(inventory.changes.events(...asked), {
      take(this: AsyncIterator<unknown>) { return this.return!().then(() => { throw secret }) },
    })
    const changes = { ...inventory.changes, stock: () => { throw secret }, events: failing }
    const queries = { ...inventory.queries, atHand: undefined, stockLevels: () => Promise.reject(secret) }
    const broken = await serve({ ...inventory, changes, queries }, { ...silent, error: (facts) => { logged.push(facts) } })
    const client = connect(broken)
    try {
      const told: GraphQLFormattedError[] = []
      for (const query of ['{ stockLevel(sku: "TEA", location: "LIS") { version } }', 'subscription { stockChanged { cursor } }', 'subscription { events { cursor } }']) {
        told.push(...await refusals(query, client))
      }
      expect(JSON.stringify(told)).to.not.include('secret')
      expect(told.map(({ extensions }) => extensions?.code)).to.deep.equal(['INTERNAL', 'INTERNAL', 'INTERNAL'])
      expect(logged.map(({ err, correlationId }) => [err, correlationId])).to.deep.equal(told.map(({ extensions }) => [secret, extensions?.correlationId]))
    } finally {
      await client.dispose()
      await broken.close()
    }
  })

  /** A socket by hand: what it was told, and how it ended. */
  async function rawSocket(at: string, query?: string, options = {}) {
    const socket = new WebSocket(at, PROTOCOL, options)
    const messages: { type: string; payload: { data: Record<string, Record<string, string>> } }[] = []
    socket.on('message', (data: Buffer) => { messages.push(JSON.parse(data.toString()) as (typeof messages)[number]) })
    const closed = once(socket, 'close').then(([code, reason]: unknown[]) => ({ code, reason: String(reason) }))
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await until(() => messages.length > 0)
    if (query !== undefined) socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    return { socket, messages, closed }
  }

  it('closes a client that does not read with 4429 and its last cursor, and harms no other', async () => {
    const wide = Array.from({ length: 100 }, (_, n) => `d${n}: data`).join(' ')
    const other = await subscribed('stockChanged(locations: ["OPO"]) { cursor }')
    const slow = await rawSocket(socketUrl(server), `subscription { events { cursor ${wide} } }`)
    await until(() => subscribers() === 2)
    slow.socket.pause()
    const others: string[] = []
    const movements = Array.from({ length: 10_000 }, () => ({ sku: 'TEA', location: 'LIS', delta: 1 }))
    const move = () => test.inventory.commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
    while (subscribers() === 2) {
      await move()
      others.push(cursorOf((await add('MUG', 'OPO')).position!))
    }
    expect(subscribers()).to.equal(1)
    slow.socket.resume()
    const { code, reason } = await slow.closed
    const last = slow.messages.at(-1)!.payload.data.events!.cursor
    expect([code, reason]).to.deep.equal([4429, `Too slow: go on after ${last}`])
    expect((await stock(other, others.length)).map(({ cursor }) => cursor)).to.deep.equal(others)
  })

  it('closes a client with 4429 that asks on and on and reads no answer', async () => {
    const QUERIES = 40
    let found = 0
    const find = (...asked: Parameters<typeof test.store.find>) => test.store.find(...asked).finally(() => { found++ })
    const events = { ...test.inventory.events, find }
    const serving = await serve({ ...test.inventory, events })
    try {
      const { socket, messages, closed } = await rawSocket(socketUrl(serving))
      socket.pause()
      const query = `{ events(first: 200) { nodes { ${Array.from({ length: 100 }, (_, n) => `d${n}: data`).join(' ')} } } }`
      for (let id = 1; id <= QUERIES; id++) socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query } }))
      await until(() => found === QUERIES)
      await turn()
      socket.resume()
      expect(await closed).to.deep.equal({ code: 4429, reason: 'Too slow: answers wait to be read.' })
      expect(messages.filter(({ type }) => type === 'next')).to.have.length.below(QUERIES)
    } finally {
      await serving.close()
    }
  })

  it('refuses other paths, other protocols and messages that are too large', async () => {
    const [, elsewhere] = (await once(new WebSocket(socketUrl(server, '/graphql/x'), PROTOCOL).on('error', () => undefined), 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }]
    expect(elsewhere.statusCode).to.equal(404)
    elsewhere.destroy()
    expect((await once(new WebSocket(socketUrl(server)), 'close'))[0]).to.equal(4406)
    const large = await rawSocket(socketUrl(server))
    large.socket.send('x'.repeat(1_100_000))
    expect((await large.closed).code).to.equal(1009)
  })

  it('ends a peer that answers no ping', async () => {
    const http = createServer()
    const schema = await createSchema()
    const edge = serveWebSocket(http, {
      schema, limits: DEFAULT_LIMITS.socket, callers: createCallers(DEFAULT_LIMITS.caller), admit: createAdmission(schema, DEFAULT_LIMITS.query), introspection: true, origins: createOrigins([]),
      inventory: test.inventory, authenticator: openToAll, logger: silent, version: '0.0.0',
      correlationId: () => 'c', beginOperation: createOperations(unobserved), keepAliveMs: 50,
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`
    const gone = await rawSocket(url, 'subscription { events { cursor } }', { autoPong: false })
    const alive = await rawSocket(url, 'subscription { events { cursor } }')
    await until(() => subscribers() === 2)
    expect((await gone.closed).code).to.equal(1006)
    await until(() => subscribers() === 1)
    expect(alive.socket.readyState).to.equal(WebSocket.OPEN)
    await edge.close(1_000)
    expect((await alive.closed).code).to.equal(1001)
    http.close()
  })

  it('answers what was taken before it closes, and ends subscriptions with 1001', async () => {
    let hasBegun = false
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { finish = resolve })
    const { addStock } = test.inventory.commands
    const commands: typeof test.inventory.commands = {
      ...test.inventory.commands,
      async addStock(...asked) { hasBegun = true; await gate; return addStock(...asked) },
    }
    const closing = await serve({ ...test.inventory, commands })
    const { socket, messages, closed } = await rawSocket(socketUrl(closing), 'subscription { events { cursor } }')
    await until(() => subscribers() === 1)
    const query = 'mutation { addStock(input: { sku: "TEA", location: "LIS", quantity: 1 }) { cursor } }'
    socket.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query } }))
    await until(() => hasBegun)
    const ended = closing.close()
    socket.send(JSON.stringify({ id: '3', type: 'subscribe', payload: { query: '{ __typename }' } }))
    await until(() => messages.some(({ type }) => type === 'error'))
    finish()
    await ended
    expect((await closed).code).to.equal(1001)
    expect(messages.filter(({ type }) => type === 'next').map((message) => Object.keys(message.payload.data)[0])).to.include('addStock')
    expect(subscribers()).to.equal(0)
  })
})
