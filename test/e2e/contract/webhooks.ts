/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- an answer has the shape that its query asks for */
import { expect } from 'chai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Api, Data } from './api.ts'
import { DELIVERY, page, WEBHOOK } from './selections.ts'

const LIST = `query($id: ID!, $statuses: [DeliveryStatus!], $first: Int, $after: String) {
  webhookDeliveries(webhookId: $id, statuses: $statuses, first: $first, after: $after) { ${page(DELIVERY)} } }`

/** An endpoint that fails until it is told to work. */
async function openEndpoint() {
  const endpoint = { status: 500 }
  const server = createServer((request, response) => { request.resume().on('end', () => { response.writeHead(endpoint.status).end() }) })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  return { endpoint, url, close: async (): Promise<void> => { server.closeAllConnections(); await once(server.close(), 'close') } }
}

/** The first page of deliveries that is as it should be. */
async function until({ ask }: Api, variables: object, isSo: (page: Data) => boolean): Promise<Data> {
  for (;;) {
    const { webhookDeliveries } = await ask(LIST, variables)
    if (isSo(webhookDeliveries)) return webhookDeliveries
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}

export async function webhooks(api: Api): Promise<void> {
  const { ask, mutate, refused } = api
  const { endpoint, url, close } = await openEndpoint()
  try {
    const input = { url, eventTypes: ['StockAdded'], idempotencyKey: 'w-1' }
    const { webhook, secret } = await mutate('registerWebhook', input, `secret webhook { ${WEBHOOK} }`)
    const { id } = webhook
    expect(webhook).to.deep.include({ url, eventTypes: ['StockAdded'], isEnabled: true, version: 1 })
    expect(await refused('registerWebhook', { ...input, url: 'ftp://nowhere', idempotencyKey: 'w-2' })).to.equal('INVALID_INPUT')
    expect((await ask(`{ webhooks { ${WEBHOOK} } }`)).webhooks).to.deep.equal([webhook])
    await mutate('addStock', { sku: 'TEA', location: 'LIS', quantity: 1 })
    await mutate('addStock', { sku: 'MUG', location: 'LIS', quantity: 1 })
    const failing = await until(api, { id, statuses: ['PENDING'], first: 1 }, ({ nodes: [first] }) => first?.attempts > 0)
    expect(failing.nodes[0]).to.deep.include({ webhookId: id, status: 'PENDING', lastStatusCode: 500 })
    expect(failing.nodes[0].lastError).to.be.a('string')
    endpoint.status = 204
    const updated = await mutate('updateWebhook', { id, url: `${url}/2`, eventTypes: ['*'], isEnabled: true, rotateSecret: true, expectedVersion: 1, idempotencyKey: 'w-3' }, `secret webhook { ${WEBHOOK} }`)
    expect(updated.secret).to.be.a('string').that.does.not.equal(secret)
    const [delivery] = failing.nodes
    await mutate('redeliver', { deliveryId: delivery.id, idempotencyKey: 'w-4' }, `delivery { ${DELIVERY} }`)
    const done = await until(api, { id, statuses: ['DELIVERED'], first: 1 }, ({ totalCount }) => totalCount > 1)
    expect(done.nodes[0]).to.deep.include({ id: delivery.id, status: 'DELIVERED', lastStatusCode: 204 })
    await until(api, { id, after: done.pageInfo.endCursor }, ({ nodes }) => nodes.length > 0)
    expect(await refused('redeliver', { deliveryId: 'delivery:none' })).to.equal('NOT_FOUND')
    expect((await ask('query($id: ID!) { node(id: $id) { __typename id } }', { id })).node).to.deep.equal({ __typename: 'Webhook', id })
    await mutate('removeWebhook', { id, idempotencyKey: 'w-5' })
    expect((await ask('{ webhooks { id } }')).webhooks).to.deep.equal([])
  } finally {
    await close()
  }
}
