import { expect } from 'chai'
import { caller, at, givenMugsInLisbon } from '../application/given-inventory.ts'
import { openTestInventory, type TestInventory } from '../application/test-inventory.ts'
import { until } from '../application/webhooks/receiver.ts'
import { type ReceiverProcess, startReceiver } from './receiver-process.ts'

/** Where nobody listens, until the receiver that needs the secret does. */
const NOWHERE = 'http://127.0.0.1:1/'

describe('the example of a webhook receiver', () => {
  let test: TestInventory
  let receiver: ReceiverProcess
  let id: string

  before(async () => {
    test = await openTestInventory()
    await givenMugsInLisbon(test)
    const { result } = await test.inventory.commands.registerWebhook({ url: NOWHERE, eventTypes: ['StockAdded'] }, caller)
    id = result.webhook.id
    receiver = await startReceiver(result.secret!)
    await test.inventory.commands.updateWebhook({ id, url: receiver.url }, caller)
  })
  after(async () => {
    await receiver.kill()
    await test.close()
  })

  it('takes each event once, in order, also where it comes again', async () => {
    const { commands, deliveries } = test.inventory
    for (const quantity of [1, 2, 3]) await commands.addStock({ ...at, quantity, reason: 'RECEIVED' }, caller)
    const page = () => deliveries.page({ webhookId: id, first: 10 }).items
    await until(() => page().filter(({ status }) => status === 'DELIVERED').length === 3)
    await commands.redeliver({ webhookId: id, eventId: page()[0]!.eventId }, caller)
    await until(() => page()[0]?.attempts === 2)
    expect(page()[0]).to.include({ status: 'DELIVERED', lastStatusCode: 200 })
    expect(receiver.events.map((event) => event.id)).to.deep.equal(page().map(({ eventId }) => eventId))
  })

  it('takes nothing that is not signed with its secret, and nothing but what is posted', async () => {
    const before = receiver.events.length
    const forged = { 'webhook-id': 'a', 'webhook-timestamp': String(Math.floor(Date.now() / 1_000)), 'webhook-signature': 'v1,AAAA' }
    for (const headers of [forged, {}] as Record<string, string>[]) expect((await fetch(receiver.url, { method: 'POST', body: '{"id":"a"}', headers })).status).to.equal(401)
    expect((await fetch(receiver.url)).status).to.equal(405)
    expect(receiver.events).to.have.length(before)
  })
})
