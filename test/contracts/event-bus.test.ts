import { randomUUID } from 'node:crypto'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { isKnock, listening, openBus } from '../infrastructure/kafka/open-bus.ts'
import { describeWithKafka } from '../services/kafka.ts'
import { eventBusContract } from './event-bus.contract.ts'

const logger = { error: () => undefined }

eventBusContract('memory', () => ({ bus: createMemoryBus(logger) }))

describeWithKafka('on Kafka', (brokers) => {
  eventBusContract('Kafka', async () => {
    const bus = openBus(brokers().brokers, `bus-${randomUUID()}`)
    await listening(bus)
    return { bus, isForeign: isKnock, close: () => bus.close() }
  })
})
