import type { Clock, EventStore, RecordedEvent } from '../ports.ts'
import { type Tracing, untraced } from '../tracing.ts'
import type { WebhookView } from '../views.ts'
import { CONTENT_TYPE, cloudEvent } from './message.ts'
import type { DeliveryOutcome, DeliverySender, WebhookSecrets } from './ports.ts'

export interface CourierPorts {
  readonly store: Pick<EventStore, 'id'>
  readonly sender: DeliverySender
  readonly secrets: WebhookSecrets
  readonly clock: Clock
  readonly tracing?: Tracing | undefined
}

/** Takes one event to one endpoint, as the webhook is at that moment. Never rejects: what goes wrong is what came of it. */
export type Courier = (webhook: WebhookView, event: RecordedEvent, signal: AbortSignal) => Promise<DeliveryOutcome>

export function createCourier(ports: CourierPorts): Courier {
  const { store, sender, clock, tracing = untraced } = ports

  async function post(webhook: WebhookView, event: RecordedEvent, traceparent: string | undefined, signal: AbortSignal): Promise<DeliveryOutcome> {
    try {
      const message = { id: event.id, contentType: CONTENT_TYPE, body: cloudEvent(event, store.id), traceparent }
      return await sender.send({ ...message, url: webhook.url, secrets: secretsOf(webhook, ports), sentAt: clock.now() }, signal)
    } catch (error) {
      return { statusCode: null, error: error instanceof Error ? error.message : String(error) }
    }
  }

  return async (webhook, event, signal) => {
    const { traceparent } = event.metadata
    const span = tracing.begin('webhook delivery', { kind: 'client', links: traceparent === undefined ? [] : [traceparent] })
    const outcome = await post(webhook, event, span?.traceparent, signal)
    span?.end({ webhook: webhook.id, event: event.id, 'http.response.status_code': outcome.statusCode ?? 0 }, outcome.error)
    return outcome
  }
}

/** The secret before only while it is good, and not where its key was lost: that is what it was rotated for. */
function secretsOf({ id, signing, previous }: WebhookView, { secrets, clock }: CourierPorts): readonly string[] {
  const isGood = previous && previous.until > clock.now() && previous.signing.keyId === secrets.keyId
  return (isGood ? [signing, previous.signing] : [signing]).map((each) => secrets.secret(id, each))
}
