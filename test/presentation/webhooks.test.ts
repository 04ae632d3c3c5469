/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access,
   @typescript-eslint/no-unsafe-call -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { openTestServer, type TestServer } from './test-server.ts'

const WEBHOOK = 'secret webhook { id url eventTypes isEnabled createdAt version }'
const DELIVERY = 'id webhookId status attempts lastStatusCode lastError nextAttemptAt event { type sku }'
/** Nobody listens there. */
const url = 'http://127.0.0.1:1/hooks'

describe('GraphQL webhooks', () => {
  let server: TestServer

  before(async () => {
    server = await openTestServer()
    await server.mutate('registerProduct', { sku: 'A', name: 'A' })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' })
  })
  after(() => server.close())

  const register = (input: object = {}) => server.mutate('registerWebhook', { url, eventTypes: ['StockAdded'], ...input }, WEBHOOK)

  it('registers, shows the secret in that answer alone, and gives the same answer to the same key', async () => {
    const { webhook, secret, ...rest } = await register({ idempotencyKey: 'w-1' })
    expect(rest).to.deep.include({ userErrors: [], replayed: false })
    expect(webhook).to.deep.include({ url, eventTypes: ['StockAdded'], isEnabled: true, version: 1 })
    expect(webhook.id).to.match(/^webhook:[0-9a-f-]{36}$/)
    expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await register({ idempotencyKey: 'w-1' })).to.deep.include({ webhook, secret, replayed: true })
    const { webhooks, node } = await server.data('query($id: ID!) { webhooks { id url } node(id: $id) { __typename ... on Webhook { isEnabled } } }', { id: webhook.id })
    expect(webhooks).to.deep.include({ id: webhook.id, url })
    expect(node).to.deep.equal({ __typename: 'Webhook', isEnabled: true })
  })

  it('updates: what is left out stays, a rotated secret is another one', async () => {
    const { webhook: { id }, secret } = await register()
    const off = await server.mutate('updateWebhook', { id, isEnabled: false, expectedVersion: 1 }, WEBHOOK)
    expect(off).to.deep.include({ secret: null })
    expect(off.webhook).to.deep.include({ url, isEnabled: false, version: 2 })
    const same = await server.mutate('updateWebhook', { id, isEnabled: false }, WEBHOOK)
    expect(same).to.deep.include({ cursor: null, secret: null, webhook: off.webhook })
    const rotated = await server.mutate('updateWebhook', { id, url: 'http://127.0.0.1:1/b', rotateSecret: true }, WEBHOOK)
    expect(rotated.webhook).to.deep.include({ url: 'http://127.0.0.1:1/b', version: 4 })
    expect(rotated.secret).to.be.a('string').that.does.not.equal(secret)
    const late = await server.mutate('updateWebhook', { id, url, expectedVersion: 1 }, WEBHOOK)
    expect(late.userErrors[0]).to.deep.include({ code: 'VERSION_CONFLICT' })
  })

  it('keeps secrets out of the audit trail', async () => {
    const { webhook: { id }, secret } = await register()
    const { secret: second } = await server.mutate('updateWebhook', { id, rotateSecret: true }, WEBHOOK)
    const { events } = await server.data('{ events(filter: { types: ["WebhookRegistered", "WebhookSecretRotated"] }, first: 200) { nodes { data stream } } }')
    expect(events.nodes.map(({ stream }: { stream: string }) => stream)).to.include(id)
    for (const shown of [secret, second]) expect(JSON.stringify(events)).to.not.include(shown.slice('whsec_'.length))
  })

  it('removes: it is no more, and neither are its deliveries', async () => {
    const { webhook: { id } } = await register()
    expect((await server.mutate('removeWebhook', { id }, WEBHOOK)).userErrors).to.deep.equal([])
    const { webhooks, node } = await server.data('query($id: ID!) { webhooks { id } node(id: $id) { id } }', { id })
    expect(webhooks.map((each: { id: string }) => each.id)).to.not.include(id)
    expect(node).to.equal(null)
    for (const mutation of ['removeWebhook', 'updateWebhook']) expect((await server.mutate(mutation, { id })).userErrors[0]).to.include({ code: 'NOT_FOUND' })
  })

  it('lists deliveries with what came of them, page by page, and takes one up again', async () => {
    const { webhook: { id } } = await register()
    for (const quantity of [1, 2, 3]) await server.mutate('addStock', { sku: 'A', location: 'LIS', quantity })
    const list = `query($id: ID!, $after: String) { webhookDeliveries(webhookId: $id, statuses: [PENDING], first: 2, after: $after) {
      totalCount nodes { ${DELIVERY} } pageInfo { hasNextPage endCursor } } }`
    let page
    do ({ webhookDeliveries: page } = await server.data(list, { id })); while (page.totalCount < 3 || page.nodes[0].attempts === 0)
    expect(page.totalCount).to.equal(3)
    const [first] = page.nodes
    expect(first).to.deep.include({ webhookId: id, status: 'PENDING', lastStatusCode: null, lastError: 'No answer came: ECONNREFUSED.', event: { type: 'StockAdded', sku: 'A' } })
    expect(first.nextAttemptAt).to.be.a('string')
    const { webhookDeliveries: rest } = await server.data(list, { id, after: page.pageInfo.endCursor })
    expect([page.pageInfo.hasNextPage, rest.nodes.length, rest.pageInfo.hasNextPage]).to.deep.equal([true, 1, false])
    const again = await server.mutate('redeliver', { deliveryId: first.id, idempotencyKey: 'again' }, `delivery { ${DELIVERY} }`)
    expect(again.delivery).to.deep.include({ id: first.id, status: 'PENDING' })
    expect(await server.mutate('redeliver', { deliveryId: first.id, idempotencyKey: 'again' }, `delivery { ${DELIVERY} }`)).to.deep.equal({ ...again, replayed: true })
    const { node, none } = await server.data('query($id: ID!) { node(id: $id) { ... on WebhookDelivery { status } } none: webhookDeliveries(webhookId: "none") { totalCount } }', { id: first.id })
    expect([node, none]).to.deep.equal([{ status: 'PENDING' }, { totalCount: 0 }])
    await server.mutate('updateWebhook', { id, isEnabled: false })
    expect((await server.mutate('redeliver', { deliveryId: first.id })).userErrors[0]).to.deep.include({ code: 'INVALID_STATE', field: ['input', 'deliveryId'] })
  })

  it('shows the breaker of each endpoint', async () => {
    const { webhook: { id } } = await register()
    const { system } = await server.data('{ system { breakers { name state failures } } }')
    expect(system.breakers).to.deep.include({ name: `webhook ${id.slice('webhook:'.length)}`, state: 'CLOSED', failures: 0 })
  })
})
