import { expect } from 'chai'
import { type Client, createClient } from 'graphql-ws'
import { setImmediate as turn } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Identity } from '../../src/application/access/identity.ts'
import { questionOf } from '../../src/presentation/graphql/audiences.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const SUBSCRIBERS = 20
const QUERY = 'subscription ($skus: [String!]) { stockChanged(skus: $skus) { cursor stockLevel { version product { name } } } }'

describe('subscriptions that ask the same', () => {
  let server: TestServer
  let reads = 0
  let failure: Error | undefined
  const clients: Client[] = []

  before(async () => {
    server = await openTestServer((inventory) => ({
      ...inventory,
      // With nothing at hand: all is asked for.
      queries: { ...inventory.queries, atHand: undefined, products: (skus) => (reads++, failure ? Promise.reject(failure) : inventory.queries.products(skus)) },
    }))
    await server.mutate('registerProduct', { sku: 'TEA', name: 'Green tea' })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' })
  })

  after(async () => {
    for (const client of clients) await client.dispose()
    await server.close()
  })

  /** Each from a client of its own, begun. */
  async function subscribed(variables: object): Promise<AsyncIterableIterator<unknown>[]> {
    const before = server.test.inventory.status().subscribers
    const subscriptions = Array.from({ length: SUBSCRIBERS }, () => {
      const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, lazy: false, retryAttempts: 0 })
      clients.push(client)
      return client.iterate({ query: QUERY, variables: { ...variables } })
    })
    while (server.test.inventory.status().subscribers < before + SUBSCRIBERS) await turn()
    return subscriptions
  }

  it('are executed once for each change, and all are told the same', async () => {
    const subscriptions = await subscribed({ skus: ['TEA'] })
    reads = 0
    const told = Promise.all(subscriptions.map(async (subscription) => (await subscription.next()).value as unknown))
    await server.mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 })
    const answers = await told
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).to.equal(1)
    expect(answers[0]).to.have.nested.property('data.stockChanged.stockLevel.product.name', 'Green tea')
    expect(reads, 'reads of the product for one change').to.equal(1)
  })

  it('are told in one write of what came at once, in its order, each under its own id', async () => {
    const subscriptions = await subscribed({ skus: ['TEA'] })
    const movements = Array.from({ length: 250 }, () => ({ sku: 'TEA', location: 'LIS', delta: 1 }))
    await server.mutate('applyMovements', { movements })
    const versions = await Promise.all(subscriptions.map(async (subscription) => {
      const seen: number[] = []
      for await (const { data } of subscription as AsyncIterable<{ data: { stockChanged: { stockLevel: { version: number } } } }>) {
        if (seen.push(data.stockChanged.stockLevel.version) === movements.length) break
      }
      return seen
    }))
    const [first = []] = versions
    expect(first.map((version) => version - first[0]!)).to.deep.equal([...movements.keys()])
    for (const seen of versions) expect(seen).to.deep.equal(first)
  })

  it('are each told under a correlation id of their own where it fails', async () => {
    const subscriptions = await subscribed({ skus: ['TEA'] })
    failure = new Error('a secret of the inside')
    const told = Promise.all(subscriptions.map(async (subscription) => (await subscription.next()).value as { errors: { extensions: { code: string; correlationId: string } }[] }))
    await server.mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 }).catch(() => undefined)
    const errors = (await told).flatMap((answer) => answer.errors)
    failure = undefined
    expect(JSON.stringify(errors)).to.not.include('secret')
    expect(new Set(errors.map(({ extensions }) => extensions.code))).to.deep.equal(new Set(['INTERNAL']))
    expect(new Set(errors.map(({ extensions }) => extensions.correlationId)).size).to.equal(SUBSCRIBERS)
  })

  it('share nothing where their variables, their role or their locations differ', () => {
    const payload = { query: QUERY, variables: { skus: ['TEA'] } }
    const clerk = (...locations: string[]): Identity => ({ role: 'clerk', locations: new Set(locations) })
    const questions = [
      questionOf(payload, clerk('LIS')), questionOf(payload, clerk('POR')), questionOf(payload, { role: 'clerk', locations: 'all' }),
      questionOf(payload, { ...clerk('LIS'), role: 'manager' }), questionOf({ ...payload, variables: {} }, clerk('LIS')),
    ]
    expect(new Set(questions).size).to.equal(questions.length)
    expect(questionOf(payload, clerk('LIS', 'POR'))).to.equal(questionOf(payload, { ...clerk('POR', 'LIS'), actor: 'somebody else' }))
  })
})
