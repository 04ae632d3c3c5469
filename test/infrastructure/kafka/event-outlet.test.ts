import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { validate as isUuid } from 'uuid'
import { compose, type Composition } from '../../../src/compose.ts'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../../src/infrastructure/ids.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { at, caller, eventsOf, LISBON, MUG } from '../../application/given-inventory.ts'
import { silent } from '../../application/test-inventory.ts'
import { describeWithKafka } from '../../services/kafka.ts'

interface Message { readonly key: string; readonly headers: string; readonly event: { readonly id: string; readonly sequence: string; readonly subject: string; readonly type: string } }

/** All that is in the topic, as a consumer that we did not write reads it. */
async function topicOf(broker: string, topic: string): Promise<readonly Message[]> {
  const child = spawn('kcat', ['-C', '-b', broker, '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%k\t%h\t%s\n'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return output.split('\n').filter(Boolean).map((line) => {
    const [key = '', headers = '', value = ''] = line.split('\t')
    return { key, headers, event: JSON.parse(value) as Message['event'] }
  })
}

describeWithKafka('events on Kafka', (brokers) => {
  const topic = 'stock'
  let directory: string
  let composition: Composition
  const open = () => compose({
    directory, clock: systemClock, ids: uuidV7, logger: silent, webhooks: { allow: ['127.0.0.1'] },
    nodes: { eventBus: { brokers: brokers().brokers, topic, isEncrypted: false, user: undefined } },
  })
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kafka-'))
    composition = await open()
  })
  afterEach(async () => {
    await composition.close()
    await rm(directory, { recursive: true })
  })
  const add = () => composition.inventory.commands.addStock({ ...at, quantity: 1, reason: 'FOUND' }, caller)

  async function published(count: number): Promise<readonly Message[]> {
    for (;;) {
      const messages = await topicOf(brokers().brokers[0] ?? '', topic)
      if (messages.length >= count) return messages
      await wait(100)
    }
  }

  it('are CloudEvents, keyed by stream and in its order, and go on after a restart and after brokers that hung', async () => {
    const { commands } = composition.inventory
    await commands.registerProduct(MUG, caller)
    await commands.openLocation(LISBON, caller)
    await commands.registerWebhook({ url: 'http://127.0.0.1:9/hook?token=secret', eventTypes: ['*'] }, caller)
    for (let n = 0; n < 5; n += 1) await add()
    await published(7)
    await composition.close()
    composition = await open()
    brokers().hang()
    for (let n = 0; n < 5; n += 1) await add()
    brokers().goOn()
    const messages = await published(12)

    const events = (await eventsOf(composition.store)).filter(({ type }) => !type.startsWith('Webhook'))
    expect(new Set(messages.map(({ event }) => event.id))).to.deep.equal(new Set(events.map(({ id }) => id)))
    for (const { key, headers, event } of messages) {
      expect(event).to.include({ specversion: '1.0', source: `urn:stockstream:${composition.store.id}`, subject: key })
      expect(headers).to.equal('content-type=application/cloudevents+json; charset=utf-8')
      expect(isUuid(event.id)).to.equal(true)
    }
    const ofLevel = messages.filter(({ key }) => key === 'stock:MUG@LIS').map(({ event }) => event.sequence)
    expect([...new Set(ofLevel)]).to.deep.equal([...new Set(ofLevel)].toSorted())
    expect(JSON.stringify(messages)).to.not.include('secret')
  })
})
