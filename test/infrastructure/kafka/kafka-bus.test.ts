import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { kafkaAt } from '../../../src/infrastructure/kafka/connection.ts'
import { describeWithKafka } from '../../services/kafka.ts'
import { freePort } from '../../services/process.ts'
import { isKnock, listening, openBus } from './open-bus.ts'

const HANGING_MS = 20_000

describeWithKafka('the bus on Kafka', (brokers) => {
  it('passes over what is no JSON, whoever has written it', async () => {
    const topic = `bus-${randomUUID()}`
    const bus = openBus(brokers().brokers, topic)
    await listening(bus)
    const producer = kafkaAt({ brokers: brokers().brokers, isEncrypted: false, user: undefined }).producer()
    await producer.connect()
    const heard: unknown[] = []
    bus.subscribe((message) => { heard.push(message) })
    await producer.send({ topic, messages: [{ value: 'hello' }, { value: null }, { value: '' }, { value: Buffer.from([255, 0]) }] })
    await listening(bus)
    expect(heard.filter((message) => !isKnock(message))).to.deep.equal([])
    await Promise.all([producer.disconnect(), bus.close()])
  })

  it('holds nobody up while brokers hang, and hears again once they go on', async () => {
    const bus = openBus(brokers().brokers, `bus-${randomUUID()}`)
    await listening(bus)
    brokers().hang()
    try {
      for (let n = 0; n < 100; n += 1) bus.publish({ n })
      while (bus.breaker.state() === 'CLOSED') await wait(10)
    } finally {
      brokers().goOn()
    }
    await listening(bus)
    await bus.close()
  })

  it('holds nobody up where there are no brokers, and can be closed', async () => {
    const bus = openBus([`127.0.0.1:${await freePort()}`], 'bus')
    bus.publish({ n: 1 })
    expect(await Promise.race([bus.close().then(() => 'closed'), wait(HANGING_MS, 'hanging', { ref: false })])).to.equal('closed')
  })
})
