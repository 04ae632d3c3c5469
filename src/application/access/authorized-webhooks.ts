import type { Deliveries, Queries } from '../inventory.ts'
import type { Identity } from './identity.ts'
import { PERMISSIONS } from './permissions.ts'
import { isPermitted, requirePermission } from './scope.ts'

export type WebhookQueries = Pick<Queries, 'webhooks' | 'webhooksById'>

/** By their ids, endpoints and deliveries are as if they were not there for those who may not see them. */
export function authorizedWebhooks(queries: WebhookQueries, identity: Identity): WebhookQueries {
  return {
    async webhooks() {
      requirePermission(identity, 'webhooks', PERMISSIONS.Query.webhooks)
      return queries.webhooks()
    },
    async webhooksById(ids) {
      const found = await queries.webhooksById(ids)
      return isPermitted(identity, PERMISSIONS.Query.webhooks) ? found : { ...found, value: ids.map(() => undefined) }
    },
  }
}

export const authorizedDeliveries = (deliveries: Deliveries, identity: Identity): Deliveries => ({
  page(query) {
    requirePermission(identity, 'webhookDeliveries', PERMISSIONS.Query.webhookDeliveries)
    return deliveries.page(query)
  },
  delivery: (webhookId, eventId) =>
    (isPermitted(identity, PERMISSIONS.Query.webhookDeliveries) ? deliveries.delivery(webhookId, eventId) : undefined),
})
