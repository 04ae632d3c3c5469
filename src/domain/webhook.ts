import type { Decider } from './decider.ts'
import { DomainError, invalidInput } from './errors.ts'
import { EVENT_SCHEMAS, type Signing, type WebhookEvent } from './events.ts'

const URL_MAX = 2_048
const EVENT_TYPES_MAX = 100

/** Stands for every type of event that there is or will be. */
export const ALL_TYPES = '*'

/** What an endpoint can be told of: all but what happens to webhooks themselves. */
export const DELIVERABLE_TYPES: readonly string[] = Object.keys(EVENT_SCHEMAS).filter((type) => !type.startsWith('Webhook'))

export interface WebhookDetails {
  readonly url: string
  /** Names of event types, each once, or ALL_TYPES alone. */
  readonly eventTypes: readonly string[]
}

/** The secret before the one in use, for as long as it is still signed with. */
export interface PreviousSigning { readonly signing: Signing; readonly until: number }

interface Known extends WebhookDetails {
  readonly isEnabled: boolean
  readonly signing: Signing
  readonly previous: PreviousSigning | null
}
export type UnknownWebhook = { readonly kind: 'unknown' }
export type RegisteredWebhook = { readonly kind: 'registered' } & Known
export type RemovedWebhook = { readonly kind: 'removed' } & Known
export type Webhook = UnknownWebhook | RegisteredWebhook | RemovedWebhook

/** A new secret from this key; the one before is good until then. */
export interface Rotation { readonly keyId: string; readonly previousUntil: number }

export type WebhookCommand =
  | ({ readonly type: 'RegisterWebhook'; readonly keyId: string } & WebhookDetails)
  | { readonly type: 'UpdateWebhook'; readonly changes: Partial<WebhookDetails & Pick<Known, 'isEnabled'>>; readonly rotation?: Rotation | undefined }
  | { readonly type: 'RemoveWebhook' }
  | { readonly type: 'RequestRedelivery'; readonly eventId: string }

export const webhook: Decider<Webhook, WebhookCommand, WebhookEvent> = {
  initialState: { kind: 'unknown' },
  decide,
  evolve,
}

/** INVALID_INPUT where it is no address of the web that can be posted to as it stands. */
export function webhookUrl(url: string): string {
  if (url.length > URL_MAX) throw invalidInput('url', `url must be ${URL_MAX} characters at the most.`, { max: URL_MAX })
  const { protocol, username, password, hash } = parsed(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw invalidInput('url', 'url must begin with https:// or http://.')
  if (username !== '' || password !== '') throw invalidInput('url', 'url must not hold a user or password: deliveries are signed instead.')
  if (hash !== '') throw invalidInput('url', 'url must not have a part behind #: it is never sent.')
  return url
}

function parsed(url: string): URL {
  if (/^[\x21-\x7e]+$/.test(url) && URL.canParse(url)) return new URL(url)
  throw invalidInput('url', 'url must be an absolute URL in ASCII without spaces, such as https://example.com/hooks.')
}

/** Each type once; ALL_TYPES alone where it is among them. INVALID_INPUT names the first that is none. */
export function webhookEventTypes(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw invalidInput('eventTypes', 'eventTypes must name at least one type of event, or "*" for all.')
  if (names.length > EVENT_TYPES_MAX) throw invalidInput('eventTypes', `eventTypes must be ${EVENT_TYPES_MAX} at the most.`, { max: EVENT_TYPES_MAX })
  const wrong = names.findIndex((name) => name !== ALL_TYPES && !DELIVERABLE_TYPES.includes(name))
  if (wrong >= 0) throw invalidInput('eventTypes', `eventTypes must be of "*", ${DELIVERABLE_TYPES.join(', ')}.`, { index: wrong })
  return names.includes(ALL_TYPES) ? [ALL_TYPES] : [...new Set(names)]
}

function decide(state: Webhook, command: WebhookCommand): readonly WebhookEvent[] {
  switch (command.type) {
    case 'RegisterWebhook': {
      if (state.kind !== 'unknown') throw new DomainError('ALREADY_EXISTS', 'A webhook of this id was registered already.', {}, ['id'])
      const details = { url: webhookUrl(command.url), eventTypes: webhookEventTypes(command.eventTypes) }
      return [{ type: 'WebhookRegistered', data: { ...details, signing: { keyId: command.keyId, generation: 1 } } }]
    }
    case 'UpdateWebhook': {
      const registered = requireRegistered(state)
      return [...updated(registered, command.changes), ...rotated(registered, command.rotation)]
    }
    case 'RemoveWebhook':
      requireRegistered(state)
      return [{ type: 'WebhookRemoved', data: {} }]
    case 'RequestRedelivery':
      if (requireRegistered(state).isEnabled) return [{ type: 'WebhookRedeliveryRequested', data: { eventId: command.eventId } }]
      throw new DomainError('INVALID_STATE', 'The webhook is disabled: enable it first, and all that waits is delivered.', {}, ['deliveryId'])
  }
}

function updated(state: RegisteredWebhook, { url, eventTypes, isEnabled }: Partial<WebhookDetails & Pick<Known, 'isEnabled'>>): readonly WebhookEvent[] {
  const changes = {
    ...(url !== undefined && { url: webhookUrl(url) }),
    ...(eventTypes !== undefined && { eventTypes: webhookEventTypes(eventTypes) }),
    ...(isEnabled !== undefined && { isEnabled }),
  }
  const isNews = Object.entries(changes).some(([field, value]) => String(value) !== String(state[field as keyof typeof changes]))
  return isNews ? [{ type: 'WebhookUpdated', data: changes }] : []
}

function rotated({ signing }: RegisteredWebhook, rotation: Rotation | undefined): readonly WebhookEvent[] {
  if (!rotation) return []
  const { keyId, previousUntil } = rotation
  return [{ type: 'WebhookSecretRotated', data: { signing: { keyId, generation: signing.generation + 1 }, previousUntil } }]
}

function evolve(state: Webhook, event: WebhookEvent): Webhook {
  if (event.type === 'WebhookRegistered') return { kind: 'registered', isEnabled: true, previous: null, ...event.data }
  if (state.kind === 'unknown') return state
  switch (event.type) {
    case 'WebhookUpdated': return { ...state, ...event.data }
    case 'WebhookSecretRotated': {
      const { signing, previousUntil } = event.data
      return { ...state, signing, previous: { signing: state.signing, until: previousUntil } }
    }
    case 'WebhookRemoved': return { ...state, kind: 'removed' }
    case 'WebhookRedeliveryRequested': return state
  }
}

function requireRegistered(state: Webhook): RegisteredWebhook {
  if (state.kind === 'registered') return state
  throw new DomainError('NOT_FOUND', 'There is no webhook of this id.', {}, ['id'])
}
