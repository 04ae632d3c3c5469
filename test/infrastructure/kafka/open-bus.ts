import { kafkaAt } from '../../../src/infrastructure/kafka/connection.ts'
import { type KafkaBus, openKafkaBus } from '../../../src/infrastructure/kafka/kafka-bus.ts'

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

export const openBus = (brokers: readonly string[], topic: string): KafkaBus =>
  openKafkaBus({ kafka: kafkaAt({ brokers, isEncrypted: false, user: undefined }), topic, logger })

/** What is published to see whether anybody hears it: one may still come later. */
export const isKnock = (message: unknown): boolean => typeof message === 'object' && message !== null && 'knock' in message

/** Resolves once the bus hears what it publishes from now on. */
export async function listening(bus: KafkaBus): Promise<void> {
  const from = performance.now()
  const heard = new Promise<void>((resolve) => {
    bus.subscribe((message) => { if (isKnock(message) && (message as { knock: number }).knock >= from) resolve() })
  })
  const knocking = setInterval(() => { bus.publish({ knock: performance.now() }) }, 100)
  await heard
  clearInterval(knocking)
}
