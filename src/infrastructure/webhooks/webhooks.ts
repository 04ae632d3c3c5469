import { join } from 'node:path'
import type { DeliveryJournal, DeliverySender, EndpointGuard, WebhookSecrets } from '../../application/webhooks/ports.ts'
import { createAddresses } from './addresses.ts'
import { createEndpointGuard } from './guard.ts'
import { openDeliveryJournal } from './journal.ts'
import { openWebhookSecrets } from './secrets.ts'
import { createDeliverySender } from './sender.ts'

export interface WebhooksOptions {
  /** Of the store. */
  readonly directory: string
  readonly logId: string
  readonly userAgent: string
  readonly allow?: readonly string[]
  readonly timeoutMs?: number
}

export interface OpenWebhooks {
  readonly secrets: WebhookSecrets
  readonly guard: EndpointGuard
  readonly journal: DeliveryJournal
  readonly sender: DeliverySender
  close(): void
}

/** All that deliveries need of the world, in the store's folder. */
export function openWebhooks({ directory, logId, userAgent, allow = [], timeoutMs }: WebhooksOptions): OpenWebhooks {
  const addresses = createAddresses(allow)
  const secrets = openWebhookSecrets(join(directory, 'webhook.key'))
  const journal = openDeliveryJournal({ file: join(directory, 'webhooks.sqlite'), logId })
  const sender = createDeliverySender({ addresses, userAgent, timeoutMs })
  return {
    secrets, journal, sender,
    guard: createEndpointGuard(addresses),
    close() {
      sender.close()
      journal.close()
    },
  }
}
