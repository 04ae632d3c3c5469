/** The commands on webhooks as they come in. Ids are plain UUIDs. */
import type { DeliveryView, WebhookView } from '../views.ts'
import type { Answer, Caller, Expecting, Keyed } from './types.ts'

/** Event types: names, or "*". */
export interface RegisterWebhook extends Keyed { readonly url: string; readonly eventTypes: readonly string[] }
export interface UpdateWebhook extends Keyed, Expecting {
  readonly id: string
  readonly url?: string | undefined
  readonly eventTypes?: readonly string[] | undefined
  readonly isEnabled?: boolean | undefined
  /** The secret of now stays good for SECRET_OVERLAP_MS beside the new one. */
  readonly rotateSecret?: boolean | undefined
  readonly note?: string | undefined
}
export interface RemoveWebhook extends Keyed { readonly id: string }
export interface Redeliver extends Keyed { readonly webhookId: string; readonly eventId: string }

export const SECRET_OVERLAP_MS = 86_400_000
/** An endpoint takes a connection and a queue. */
export const WEBHOOKS_MAX = 100

/** The secret where the command made one, as the receiver's library takes it. */
export interface WebhookWithSecret { readonly webhook: WebhookView; readonly secret: string | null }

export interface WebhookCommands {
  registerWebhook(command: RegisterWebhook, caller: Caller): Promise<Answer<WebhookWithSecret>>
  updateWebhook(command: UpdateWebhook, caller: Caller): Promise<Answer<WebhookWithSecret>>
  removeWebhook(command: RemoveWebhook, caller: Caller): Promise<Answer<WebhookWithSecret>>
  /** Tried at once, and once: ahead of what waits, whether it was delivered, failed or is still to be tried again. */
  redeliver(command: Redeliver, caller: Caller): Promise<Answer<DeliveryView>>
}
