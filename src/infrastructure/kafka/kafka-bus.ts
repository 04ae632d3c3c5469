import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import type { EventBus, Logger } from '../../application/ports.ts'
import { createMemoryBus } from '../memory/event-bus.ts'
import { createBreaker, type OwnedBreaker } from '../resilience/breaker.ts'
import { Sender } from './sender.ts'

export interface KafkaBusOptions {
  readonly kafka: Kafka
  readonly topic: string
  readonly logger: Logger
}

export interface KafkaBus extends EventBus<unknown> {
  readonly breaker: OwnedBreaker
  /** Whether it hears what is published now. */
  isListening(): boolean
  close(): Promise<void>
}

const PROBE_AFTER_MS = 500
const SEND_MS_MAX = 3_000
const LISTEN_AGAIN_MS = 500
/** Brokers answer as soon as there is something; those that only do when the time is over are still fast enough. */
const FETCH_WAIT_MS = 20

/**
 * What one node publishes is heard by all, itself among them, as JSON. It may be lost, doubled and late, and anybody
 * may have written it: a hint to look, and to be checked by whoever hears it. While Kafka is away publishing is for
 * nothing, and listening is begun anew as often as it takes.
 */
export function openKafkaBus({ kafka, topic, logger }: KafkaBusOptions): KafkaBus {
  const heard = createMemoryBus<unknown>(logger)
  const sender = new Sender(kafka, topic, 1)
  const breaker = createBreaker({ name: 'event bus', probeAfterMs: PROBE_AFTER_MS, callMsMax: SEND_MS_MAX, logger })
  const ears = new Ears(kafka, topic, (text) => {
    const message = parsed(text)
    if (message !== undefined) heard.publish(message)
  })
  return {
    breaker,
    publish(message) { breaker.run(() => sender.send([{ value: JSON.stringify(message) }])).catch(() => undefined) },
    subscribe: (listener) => heard.subscribe(listener),
    isListening: () => ears.isListening,
    async close() {
      breaker.close()
      await Promise.all([ears.close(), sender.close().catch(() => undefined)])
    },
  }
}

/** Hears all that is published, from now on. */
class Ears {
  isListening = false
  #isClosed = false
  #stop: () => void = () => undefined
  readonly #listening: Promise<void>

  constructor(private readonly kafka: Kafka, private readonly topic: string, private readonly hear: (text: string) => void) {
    this.#listening = this.#listenAgainAndAgain()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stop()
    await this.#listening
  }

  async #listenAgainAndAgain(): Promise<void> {
    while (!this.#isClosed) {
      // A group of its own, so that it hears all of it; nothing is committed, so that nothing is left of it.
      const consumer = this.kafka.consumer({
        groupId: `${this.topic}.${randomUUID()}`, minBytes: 1, maxWaitTimeInMs: FETCH_WAIT_MS, allowAutoTopicCreation: true,
        retry: { retries: 3, restartOnFailure: () => Promise.resolve(false) },
      })
      await this.#listen(consumer).catch(() => undefined)
      this.isListening = false
      await consumer.disconnect().catch(() => undefined)
      await Promise.race([wait(LISTEN_AGAIN_MS), this.#stopped()])
    }
  }

  /** Until it can no longer, or is to stop. */
  async #listen(consumer: Consumer): Promise<void> {
    const over = Promise.race([this.#stopped(), new Promise((resolve) => { consumer.on(consumer.events.CRASH, resolve) })])
    consumer.on(consumer.events.GROUP_JOIN, () => { this.isListening = true })
    await consumer.connect()
    await consumer.subscribe({ topic: this.topic, fromBeginning: false })
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ message: { value } }) => {
        if (value) this.hear(value.toString())
        return Promise.resolve()
      },
    })
    await over
  }

  #stopped(): Promise<void> {
    return new Promise((resolve) => { this.#stop = resolve })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
