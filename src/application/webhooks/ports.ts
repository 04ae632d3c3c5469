/** What deliveries need of the world. Times are milliseconds since 1970 UTC. */
import type { Signing } from '../../domain/events.ts'
import type { PageRequest } from '../read-model.ts'
import type { DeliveryView, Page } from '../views.ts'

/** Makes the secrets of endpoints. None is kept anywhere: the same signing gives the same secret. */
export interface WebhookSecrets {
  readonly keyId: string
  /** As the receiver's library takes it: `whsec_` and base64. Throws where the signing is of another key. */
  secret(webhookId: string, signing: Signing): string
}

/** Knows which addresses of the network may be posted to. */
export interface EndpointGuard {
  /** Why the URL may not be posted to, as a sentence; undefined where it may, as far as can be told now. */
  refusal(url: string): Promise<string | undefined>
}

export interface DeliveryRequest {
  readonly url: string
  /** The event's id: the same with each attempt. */
  readonly id: string
  readonly contentType: string
  readonly body: string
  /** Of the trace that it is part of, where there is one. */
  readonly traceparent?: string | undefined
  /** It is signed with each. */
  readonly secrets: readonly string[]
  /** Seconds are what the receiver sees of it. */
  readonly sentAt: number
}

/** What came of an attempt. Without a status code no answer came: the error says why. */
export interface DeliveryOutcome {
  readonly statusCode: number | null
  /** Undefined where it was taken. */
  readonly error?: string
  /** How long the endpoint asks to be left alone. */
  readonly retryAfterMs?: number
}

export interface DeliverySender {
  /** Never rejects, but for the signal. */
  send(request: DeliveryRequest, signal: AbortSignal): Promise<DeliveryOutcome>
  close(): void
}

/** How an endpoint fares. */
export interface Health {
  /** Attempts that failed, one after the other. */
  readonly failures: number
  /** When the first of them did; null where the last attempt succeeded. */
  readonly failingSince: number | null
  /** Nothing is sent before, but what is asked for by hand. */
  readonly restsUntil: number
}

/** `position`: all events up to there are in the journal, or of no concern to the endpoint. */
export interface QueueState extends Health { readonly position: number }

/** `isRequested`: asked for by hand after it was over, so tried once and ahead of the others. */
export interface PendingDelivery { readonly delivery: DeliveryView; readonly isRequested: boolean }

/** An event that is to be delivered. */
export interface Queued { readonly eventId: string; readonly position: number }

export interface DeliveryQuery extends PageRequest {
  readonly webhookId: string
  readonly statuses?: readonly DeliveryView['status'][]
}

export type DeliveryPage = Omit<Page<DeliveryView>, 'position' | 'stale'>

/** Keeps the deliveries, one row each, beside the log. What it has committed outlives the process. */
export interface DeliveryJournal {
  /** Begins after `from` where the endpoint is new. */
  open(webhookId: string, from: number): QueueState
  /** All about the endpoints but these. */
  forgetAllBut(webhookIds: readonly string[]): void
  /** All beyond this end of the log: it was set back to an older one, and other events will stand there. */
  forgetAfter(head: number): void
  /** Takes events in as PENDING, and moves the queue to `position`. */
  enqueue(webhookId: string, events: readonly Queued[], position: number): void
  /** What comes next: by the order of the log, but first what is requested. */
  next(webhookId: string): PendingDelivery | undefined
  /** How many wait: of one endpoint, or of all. */
  waiting(webhookId?: string): number
  /** One delivery as an attempt left it, and its endpoint with it. */
  record(delivery: DeliveryView, health: Health): void
  delivery(webhookId: string, eventId: string): DeliveryView | undefined
  page(query: DeliveryQuery): DeliveryPage
  /** The position up to which requests for redelivery are taken in. */
  requestsPosition(): number
  /** What is over is to be tried once more; what waits, and its endpoint, rest no longer. */
  request(requests: readonly Redelivery[], position: number): void
  close(): void
}

export interface Redelivery { readonly webhookId: string; readonly eventId: string }
