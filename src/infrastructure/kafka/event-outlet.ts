import type { Kafka } from 'kafkajs'
import type { Outlet } from '../../application/relay.ts'
import { DELIVERABLE_TYPES } from '../../domain/webhook.ts'
import { CONTENT_TYPE, cloudEvent } from '../../application/webhooks/message.ts'
import { Sender } from './sender.ts'

export interface EventOutletOptions {
  readonly kafka: Kafka
  readonly topic: string
  readonly logId: string
}

/** Far below what brokers take in one request, whatever the size of events. */
const MESSAGES_MAX = 500

/** Events as CloudEvents, but for what happens to webhooks, keyed by their stream: a partition has those of a stream in their order. */
export function openEventOutlet({ kafka, topic, logId }: EventOutletOptions): Outlet {
  const sender = new Sender(kafka, topic, -1)
  return {
    async publish(events) {
      const open = events.filter(({ type }) => DELIVERABLE_TYPES.includes(type))
      for (let from = 0; from < open.length; from += MESSAGES_MAX) {
        await sender.send(open.slice(from, from + MESSAGES_MAX).map((event) => ({
          key: event.stream,
          value: cloudEvent(event, logId),
          headers: { 'content-type': CONTENT_TYPE },
        })))
      }
    },
    close: () => sender.close().catch(() => undefined),
  }
}
