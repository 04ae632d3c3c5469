import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Composition, compose } from '../../../src/compose.ts'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../../src/infrastructure/ids.ts'
import { at, caller, eventsOf, LISBON, MUG } from '../given-inventory.ts'
import { silent } from '../test-inventory.ts'
import { Receiver, until } from './receiver.ts'

/** As by default, a thousand times faster. */
const retries = { baseMs: 5, waitMsMax: 200, retryForMs: 20_000, retryAfterMsMax: 86_400 }

describe('deliveries', () => {
  let directory: string
  let test: Composition
  let receivers: Receiver[]

  const open = (more: object = {}) => compose({
    directory, clock: systemClock, ids: uuidV7, logger: silent, webhooks: { allow: ['127.0.0.1'], retries, timeoutMs: 15_000, ...more },
  })
  const reopen = async (more?: object): Promise<void> => {
    await test.close()
    test = await open(more)
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-deliveries-'))
    receivers = []
    test = await open()
    await test.inventory.commands.registerProduct(MUG, caller)
    await test.inventory.commands.openLocation(LISBON, caller)
  })
  afterEach(async () => {
    await test.close()
    await Promise.all(receivers.map((receiver) => receiver.close()))
    await rm(directory, { recursive: true })
  })

  async function register(eventTypes: readonly string[] = ['StockAdded'], receiver = new Receiver()) {
    receivers.push(await receiver.open())
    const { result: { webhook, secret } } = await test.inventory.commands.registerWebhook({ url: receiver.url, eventTypes }, caller)
    receiver.secret = secret ?? ''
    return { id: webhook.id, receiver }
  }

  const add = async (times: number, quantity = 1): Promise<void> => {
    for (let time = 0; time < times; time++) await test.inventory.commands.addStock({ ...at, quantity, reason: 'RECEIVED' }, caller)
  }
  /** Ids of recorded events of the types, in the order of the log. */
  const recorded = async (...types: string[]) => (await eventsOf(test.store)).filter(({ type }) => types.includes(type)).map(({ id }) => id)
  const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id)
  const statuses = (webhookId: string) => test.inventory.deliveries.page({ webhookId, first: 200 }).items.map(({ status }) => status)
  const first = (webhookId: string) => test.inventory.deliveries.page({ webhookId, first: 1 }).items[0]

  it('tell an endpoint of each event that it wants, signed, one at a time, in the order of the log, from its registration on', async () => {
    await add(2)
    const { id, receiver } = await register(['StockAdded', 'StockRemoved'])
    await add(300)
    await test.inventory.commands.removeStock({ ...at, quantity: 3, reason: 'SOLD' }, caller)
    await test.inventory.commands.countStock({ ...at, counted: 5 }, caller)
    await add(1)
    await until(() => receiver.taken.length >= 302)
    expect(ids(receiver.taken)).to.deep.equal((await recorded('StockAdded', 'StockRemoved')).slice(2))
    expect([receiver.unverified, receiver.concurrentMax]).to.deep.equal([0, 1])
    expect(receiver.taken[0]?.headers).to.include({ 'webhook-id': receiver.taken[0]!.id, 'content-type': 'application/cloudevents+json; charset=utf-8' })
    await until(() => !statuses(id).includes('PENDING'))
    expect(test.inventory.status().webhooks).to.deep.include({ endpoints: 1, waiting: 0, behind: 0 })
  })

  it('leave out webhooks themselves where an endpoint wants all', async () => {
    const { id, receiver } = await register(['*'])
    await test.inventory.commands.updateWebhook({ id, rotateSecret: true }, caller)
    await test.inventory.commands.reserveStock({ lines: [{ sku: 'MUG', quantity: 1 }], strategy: 'PRIORITY', dryRun: false }, caller).catch(() => undefined)
    await add(1)
    await test.inventory.commands.discontinueProduct({ sku: 'MUG' }, caller)
    await until(() => receiver.taken.length >= 2)
    expect(receiver.taken.map(({ type }) => type)).to.deep.equal(['StockAdded', 'ProductDiscontinued'])
  })

  it('reach an endpoint that fails every second time, each event, in order', async () => {
    const { receiver } = await register()
    receiver.behaviour = (_response, count) => (count % 2 === 0 ? 204 : 503)
    await add(30)
    await until(() => receiver.taken.length >= 30)
    expect(ids(receiver.taken)).to.deep.equal(await recorded('StockAdded'))
    expect(receiver.received).to.have.length(60)
  })

  it('reach an endpoint that was away, from where it left off', async () => {
    const { id, receiver } = await register()
    await add(3)
    await until(() => receiver.taken.length >= 3)
    await receiver.close()
    await add(250)
    await until(() => (first(id)?.attempts ?? 0) > 0 && test.inventory.status().webhooks.breakers[0]!.failures >= 5)
    expect(test.inventory.status().webhooks.breakers[0]!.state).to.not.equal('CLOSED')
    await until(() => test.inventory.status().webhooks.waiting === 200)
    await receiver.open()
    await until(() => receiver.taken.length >= 253)
    expect(ids(receiver.taken)).to.deep.equal(await recorded('StockAdded'))
    await until(() => test.inventory.status().webhooks.breakers[0]!.state === 'CLOSED')
  })

  it('wait for nobody else: an endpoint that never answers holds up none', async () => {
    const slow = await register()
    slow.receiver.behaviour = () => undefined
    const quick = await register()
    await add(50)
    await until(() => quick.receiver.taken.length >= 50)
    expect(slow.receiver.received).to.have.length(1)
  })

  it('time out, and are tried again', async () => {
    await reopen({ timeoutMs: 500 })
    const { id, receiver } = await register()
    receiver.behaviour = (_response, count) => (count === 1 ? undefined : 200)
    await add(1)
    await until(() => receiver.taken.length >= 1)
    await until(() => statuses(id)[0] === 'DELIVERED')
    expect(first(id)).to.deep.include({ lastStatusCode: 200, lastError: null, nextAttemptAt: null })
    expect(first(id)?.attempts).to.be.at.least(2)
  })

  it('do not follow redirects, not even to where they may post', async () => {
    const other = new Receiver()
    receivers.push(await other.open())
    const { id, receiver } = await register()
    receiver.behaviour = (response, count) => {
      if (count > 3) return 200
      response.setHeader('location', other.url)
      return [301, 307, 308][count - 1]
    }
    await add(1)
    await until(() => first(id)?.lastStatusCode === 308)
    expect(first(id)?.lastError).to.include('redirects are not followed')
    await until(() => receiver.taken.length >= 1)
    expect([other.received.length, other.unverified]).to.deep.equal([0, 0])
  })

  it('stop at 410 and disable the webhook; enabled again, it goes on where it stopped', async () => {
    const { id, receiver } = await register()
    receiver.behaviour = (_response, count) => (count === 2 ? 410 : 204)
    await add(4)
    const webhook = async () => (await test.inventory.queries.webhooksById([id])).value[0]
    await until(async () => (await webhook())?.isEnabled === false)
    const event = (await eventsOf(test.store)).find(({ type }) => type === 'WebhookUpdated')
    expect([event?.data, event?.metadata.actor, event?.metadata.note]).to.deep.equal([{ isEnabled: false }, 'stockstream:webhooks', 'The endpoint answered 410 Gone.'])
    await add(2)
    expect(receiver.received).to.have.length(2)
    await test.inventory.commands.updateWebhook({ id, isEnabled: true }, caller)
    await until(() => receiver.taken.length >= 6)
    expect(ids(receiver.taken)).to.deep.equal(await recorded('StockAdded'))
  })

  it('leave an endpoint alone for as long as it asks', async () => {
    const { id, receiver } = await register()
    receiver.behaviour = (response, count) => {
      if (count > 1) return 200
      response.setHeader('retry-after', '60')
      return 429
    }
    const before = Date.now()
    await add(1)
    await until(() => first(id)?.attempts === 1)
    expect(first(id)).to.deep.include({ status: 'PENDING', lastStatusCode: 429 })
    expect(first(id)?.nextAttemptAt).to.be.within(before + 60_000, Date.now() + 60_000)
    await reopen()
    await add(1)
    expect(receiver.received, 'a restart is no reason to come early').to.have.length(1)
    await test.inventory.commands.redeliver({ webhookId: id, eventId: first(id)!.eventId }, caller)
    await until(() => receiver.taken.length >= 2)
  })

  it('are given up once the endpoint has failed for long enough, and the next has its turn', async () => {
    await reopen({ retries: { ...retries, retryForMs: 100, waitMsMax: 20 } })
    const { id, receiver } = await register()
    const poison = (): string => ids(receiver.received)[0]!
    receiver.behaviour = (_response, _count, event) => (event.id === poison() ? 500 : 200)
    await add(3)
    await until(() => receiver.taken.length >= 2)
    await until(() => statuses(id).join() === 'FAILED,DELIVERED,DELIVERED')
    expect(first(id)).to.deep.include({ lastStatusCode: 500, lastError: 'It answered 500.', nextAttemptAt: null })
    receiver.behaviour = () => 200
    await test.inventory.commands.redeliver({ webhookId: id, eventId: poison() }, caller)
    await until(() => statuses(id)[0] === 'DELIVERED')
    expect(receiver.taken.at(-1)?.id).to.equal(poison())
  })

  it('are made again by hand, once, though they were made before', async () => {
    const { id, receiver } = await register()
    await add(2)
    await until(() => statuses(id).join() === 'DELIVERED,DELIVERED')
    receiver.behaviour = () => 500
    await test.inventory.commands.redeliver({ webhookId: id, eventId: first(id)!.eventId }, caller)
    await until(() => statuses(id)[0] === 'FAILED')
    expect(first(id)?.attempts).to.equal(2)
    receiver.behaviour = () => 200
    await add(1)
    await until(() => receiver.taken.length >= 3)
    expect(receiver.received).to.have.length(4)
    expect(receiver.received[2]?.headers['webhook-id']).to.equal(receiver.received[0]?.headers['webhook-id'])
  })

  it('are signed with the secret before for another day after a rotation, and with that of now', async () => {
    const { id, receiver } = await register()
    const { result: { secret } } = await test.inventory.commands.updateWebhook({ id, rotateSecret: true }, caller)
    await add(1)
    await until(() => receiver.taken.length >= 1)
    receiver.secret = secret!
    await add(1)
    await until(() => receiver.taken.length >= 2)
    expect(receiver.unverified).to.equal(0)
    expect(String(receiver.taken[0]?.headers['webhook-signature']).split(' ')).to.have.length(2)
  })

  it('stop at once where the webhook is removed, also the one that is on its way', async () => {
    const { id, receiver } = await register()
    let isBrokenOff = false
    receiver.behaviour = (response) => {
      response.once('close', () => { isBrokenOff = true })
      return undefined
    }
    await add(2)
    await until(() => receiver.received.length === 1)
    await test.inventory.commands.removeWebhook({ id }, caller)
    await until(() => isBrokenOff)
    await until(() => test.inventory.deliveries.page({ webhookId: id, first: 1 }).totalCount === 0)
    expect(test.inventory.status().webhooks).to.deep.include({ endpoints: 0, waiting: 0 })
    await add(1)
    expect(receiver.received).to.have.length(1)
  })

  it('go to the address of now', async () => {
    const { id, receiver } = await register()
    receiver.behaviour = () => undefined
    await add(2)
    await until(() => receiver.received.length === 1)
    const moved = new Receiver()
    moved.secret = receiver.secret
    receivers.push(await moved.open())
    await test.inventory.commands.updateWebhook({ id, url: moved.url }, caller)
    await until(() => moved.taken.length >= 2)
    expect(ids(moved.taken)).to.deep.equal(await recorded('StockAdded'))
  })

  it('go on after a stop where they were, and after the loss of the key are refused with what to do', async () => {
    const { id, receiver } = await register()
    await add(5)
    await until(() => receiver.taken.length >= 2)
    await test.close()
    await rm(join(directory, 'webhook.key'))
    test = await open()
    await add(1)
    await until(() => first(id) !== undefined && test.inventory.deliveries.page({ webhookId: id, first: 200 }).items.some(({ lastError }) => lastError?.includes('rotate the secret') === true))
    const { result: { secret } } = await test.inventory.commands.updateWebhook({ id, rotateSecret: true }, caller)
    receiver.secret = secret!
    await until(() => new Set(ids(receiver.taken)).size >= 6)
    expect(receiver.unverified).to.equal(0)
  })
})
