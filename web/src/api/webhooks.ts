import { gql } from '@urql/core'
import { command } from './commands.ts'
import { DELIVERY_PARTS, WEBHOOK_PARTS } from './fragments.ts'
import type { Page } from './types.ts'

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export interface Webhook {
  readonly id: string
  readonly url: string
  readonly eventTypes: readonly string[]
  readonly isEnabled: boolean
  readonly createdAt: string
  readonly version: number
}

export interface Delivery {
  readonly id: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly lastStatusCode: number | null
  readonly lastError: string | null
  readonly nextAttemptAt: string | null
  readonly event: { readonly id: string; readonly type: string; readonly recordedAt: string; readonly sku: string | null; readonly location: string | null; readonly stream: string }
}

export const WEBHOOKS = gql<{ webhooks: readonly Webhook[]; system: { readonly readCursor: string } }, Record<string, never>>`
  query Webhooks {
    system { readCursor }
    webhooks { ...WebhookParts }
  }
  ${WEBHOOK_PARTS}
`

export const DELIVERIES = gql<
  { list: Page<Delivery>; system: { readonly readCursor: string } },
  { webhookId: string; statuses: readonly DeliveryStatus[] | null; first: number; after: string | null }
>`
  query Deliveries($webhookId: ID!, $statuses: [DeliveryStatus!], $first: Int, $after: String) {
    system { readCursor }
    list: webhookDeliveries(webhookId: $webhookId, statuses: $statuses, first: $first, after: $after) {
      nodes { ...DeliveryParts }
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
  ${DELIVERY_PARTS}
`

const change = (field: string, selection = '') =>
  command<{ readonly webhook: Webhook | null; readonly secret?: string | null }>(field, `webhook { ...WebhookParts } ${selection}`, WEBHOOK_PARTS)

export const REGISTER_WEBHOOK = change('registerWebhook', 'secret')
export const UPDATE_WEBHOOK = change('updateWebhook', 'secret')
export const REMOVE_WEBHOOK = change('removeWebhook')
export const REDELIVER = command<{ readonly delivery: Delivery | null }>('redeliver', 'delivery { ...DeliveryParts }', DELIVERY_PARTS)
