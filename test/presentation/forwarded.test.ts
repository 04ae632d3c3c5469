import { expect } from 'chai'
import { FORWARDED_PATH, type Given, type Outcome } from '../../src/application/forwarding.ts'
import { openTestServer, type TestServer } from './test-server.ts'

const TOKEN = 'a'.repeat(64)
const add = (sku: string): Given => ({ name: 'addStock', command: { sku, location: 'LIS', quantity: 2, reason: 'FOUND' } as Given['command'], caller: { correlationId: 'c-7', actor: 'till 7' } })

describe('commands that another node gives over HTTP', () => {
  let server: TestServer
  before(async () => {
    server = await openTestServer(undefined, { nodeToken: TOKEN })
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' })
  })
  after(() => server.close())

  const give = (body: unknown, token = TOKEN, url = server.url) => fetch(`${url}${FORWARDED_PATH}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  })

  it('are done, each with its own end, for who asked for them', async () => {
    const response = await give([add('MUG'), add('CUP')])
    expect(response.status).to.equal(200)
    const [done, refused] = await response.json() as Outcome[]
    expect(done).to.deep.include({ kind: 'done' }).with.nested.property('answer.result.onHand', 2)
    expect(refused).to.deep.include({ kind: 'refused', isOne: true }).with.nested.property('refusals[0].code', 'NOT_FOUND')
    const { events } = await server.data('{ events(filter: { types: ["StockAdded"] }, first: 1) { nodes { actor correlationId } } }') as { events: { nodes: unknown } }
    expect(events.nodes).to.deep.equal([{ actor: 'till 7', correlationId: 'c-7' }])
  })

  for (const [what, token] of [['another token', 'b'.repeat(64)], ['no token', '']] as const) {
    it(`are not there for ${what}`, async () => { expect((await give([add('MUG')], token)).status).to.equal(404) })
  }

  it('are not there where the node takes none', async () => {
    const closed = await openTestServer()
    try {
      expect((await give([add('MUG')], TOKEN, closed.url)).status).to.equal(404)
    } finally {
      await closed.close()
    }
  })

  for (const [what, body] of [
    ['one that it does not know', [{ ...add('MUG'), name: 'burnStock' }]], ['one that is not given away', [{ ...add('MUG'), name: 'registerWebhook' }]],
    ['no list', add('MUG')], ['nothing', null], ['one of nobody', [{ name: 'addStock', command: {} }]],
  ] as const) {
    it(`are all refused with ${what} among them`, async () => { expect((await give(body)).status).to.equal(400) })
  }
})
