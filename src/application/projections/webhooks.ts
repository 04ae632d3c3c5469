import type { WebhookEvent } from '../../domain/events.ts'
import { parseStream } from '../../domain/streams.ts'
import { webhook, type Webhook } from '../../domain/webhook.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { WebhookView } from '../views.ts'

/** A webhook that was removed keeps its row: its id is never used again. */
export const webhooks: StateProjection<WebhookView, Webhook> = {
  name: 'webhooks',
  keyOf: ({ stream }) => (stream.startsWith('webhook:') ? stream : undefined),
  evolve(row, event) {
    const state = webhook.evolve(row ? stateOf(row) : webhook.initialState, event as RecordedEvent<WebhookEvent>)
    return webhookView(row ?? registeredWith(event), state, event.version)
  },
  stateOf,
}

/** What the first event alone says. */
const registeredWith = ({ stream, occurredAt, position }: RecordedEvent) =>
  ({ id: parseStream(stream).parts[0] ?? '', createdAt: occurredAt, registeredAt: position })

export function webhookView(
  { id, createdAt, registeredAt }: Pick<WebhookView, 'id' | 'createdAt' | 'registeredAt'>,
  state: Webhook,
  version: number,
): WebhookView {
  if (state.kind === 'unknown') throw new Error(`Webhook ${id} was never registered.`)
  const { kind, url, eventTypes, isEnabled, signing, previous } = state
  return { id, url, eventTypes, isEnabled, isRemoved: kind === 'removed', signing, previous, createdAt, registeredAt, version }
}

function stateOf({ isRemoved, url, eventTypes, isEnabled, signing, previous }: WebhookView): Webhook {
  return { kind: isRemoved ? 'removed' : 'registered', url, eventTypes, isEnabled, signing, previous }
}
