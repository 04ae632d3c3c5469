import { DomainError, invalidInput } from '../../domain/errors.ts'
import { webhookEventTypes, webhookUrl, type WebhookCommand } from '../../domain/webhook.ts'
import type { RecordedEvent } from '../ports.ts'
import { webhooks, webhookView } from '../projections/webhooks.ts'
import { webhookStream } from '../streams.ts'
import type { DeliveryView, WebhookView } from '../views.ts'
import type { DeliveryJournal, EndpointGuard, WebhookSecrets } from '../webhooks/ports.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { Answer, Caller, Documented, Expecting, Keyed } from './types.ts'
import {
  type Redeliver, type RegisterWebhook, SECRET_OVERLAP_MS, type UpdateWebhook, type WebhookCommands, WEBHOOKS_MAX, type WebhookWithSecret,
} from './webhook-types.ts'

export interface WebhookContext extends CommandContext {
  readonly webhookPorts: {
    readonly secrets: WebhookSecrets
    readonly guard: EndpointGuard
    readonly journal: Pick<DeliveryJournal, 'delivery'>
  }
}

export function webhookCommands(context: WebhookContext): WebhookCommands {
  return {
    registerWebhook: (command, caller) => registerWebhook(context, command, caller),
    updateWebhook: (command, caller) => updateWebhook(context, command, caller),
    removeWebhook: (command, caller) => onWebhook(context, command, caller, () => ({ type: 'RemoveWebhook' })),
    redeliver: (command, caller) => redeliver(context, command, caller),
  }
}

function registerWebhook(context: WebhookContext, command: RegisterWebhook, caller: Caller): Promise<Answer<WebhookWithSecret>> {
  const { secrets } = context.webhookPorts
  const [url, eventTypes] = [webhookUrl(command.url), webhookEventTypes(command.eventTypes)]
  const stream = { ...webhookStream(context.ids.next()), isNew: true }
  return context.execute<WebhookWithSecret>({
    ...frame(context, 'RegisterWebhook', command, caller),
    streams: [stream],
    async prepare() { await Promise.all([requireReachable(context, url), requireRoom(context)]) },
    decide(work) { work.dispatch(stream, { type: 'RegisterWebhook', url, eventTypes, keyId: secrets.keyId }) },
    ...answers(context),
  })
}

function updateWebhook(context: WebhookContext, command: UpdateWebhook, caller: Caller): Promise<Answer<WebhookWithSecret>> {
  const { url, eventTypes, isEnabled, rotateSecret } = command
  if (eventTypes !== undefined) webhookEventTypes(eventTypes)
  if (url !== undefined) webhookUrl(url)
  const changes = { ...(url !== undefined && { url }), ...(eventTypes && { eventTypes }), ...(isEnabled !== undefined && { isEnabled }) }
  return onWebhook(context, command, caller, (now) => ({
    type: 'UpdateWebhook', changes,
    rotation: rotateSecret === true ? { keyId: context.webhookPorts.secrets.keyId, previousUntil: now + SECRET_OVERLAP_MS } : undefined,
  }), url)
}

type OnWebhook = Keyed & Expecting & Documented & { readonly id: string }

async function onWebhook(
  context: WebhookContext, command: OnWebhook, caller: Caller, decision: (now: number) => WebhookCommand, url?: string,
): Promise<Answer<WebhookWithSecret>> {
  const framed = frame(context, decision(0).type, command, caller)
  const view = await known(context, command.id, 'id')
  const stream = webhookStream(view.id)
  return context.execute<WebhookWithSecret>({
    ...framed,
    streams: [stream],
    async prepare() { if (url !== undefined) await requireReachable(context, url) },
    decide(work) { work.dispatch(stream, decision(work.now), command) },
    ...answers(context, (work) => webhookView(view, work.state(stream), work.version(stream))),
  })
}

/** The row as the command left it, and the secret where it made one. */
const answers = (context: WebhookContext, unchanged?: (work: Work) => WebhookView) => {
  const fromEvents = async (events: readonly RecordedEvent[]): Promise<WebhookWithSecret> => {
    const webhook = await rowAfter(context, webhooks, lastOf(events))
    return { webhook, secret: events.some(makesSecret) ? context.webhookPorts.secrets.secret(webhook.id, webhook.signing) : null }
  }
  return {
    answer: (work: Work, events: readonly RecordedEvent[]) =>
      (events.length === 0 && unchanged ? { webhook: unchanged(work), secret: null } : fromEvents(events)),
    replay: fromEvents,
  }
}

type Work = Parameters<Parameters<CommandContext['execute']>[0]['decide']>[0]

const makesSecret = ({ type }: RecordedEvent): boolean => type === 'WebhookRegistered' || type === 'WebhookSecretRotated'

async function redeliver(context: WebhookContext, command: Redeliver, caller: Caller): Promise<Answer<DeliveryView>> {
  const { webhookId, eventId } = command
  const framed = frame(context, 'Redeliver', command, caller)
  const stream = webhookStream((await known(context, webhookId, 'deliveryId')).id)
  let asked: DeliveryView | undefined
  return context.execute<DeliveryView>({
    ...framed,
    streams: [stream],
    prepare() {
      const delivery = context.webhookPorts.journal.delivery(webhookId, eventId)
      if (!delivery) return Promise.reject(missing())
      asked = { ...delivery, status: 'PENDING', nextAttemptAt: context.clock.now() }
      return Promise.resolve()
    },
    decide(work) { work.dispatch(stream, { type: 'RequestRedelivery', eventId }) },
    remember: () => asked,
    answer: () => asked ?? Promise.reject(missing()),
    // Its event says that it was asked for, and not what was known of it then.
    replay: (events) => lastOf(events).metadata.idempotency?.answer as DeliveryView,
  })
}

async function known({ readModel }: WebhookContext, id: string, field: string): Promise<WebhookView> {
  const { value: [view] } = await readModel.webhooksById([id])
  if (view) return view
  throw new DomainError('NOT_FOUND', 'There is no webhook of this id.', { id }, [field])
}

const missing = (): DomainError => new DomainError('NOT_FOUND', 'There is no delivery of this id.', {}, ['deliveryId'])

async function requireReachable({ webhookPorts }: WebhookContext, url: string): Promise<void> {
  const refusal = await webhookPorts.guard.refusal(url)
  if (refusal !== undefined) throw invalidInput('url', refusal)
}

async function requireRoom({ readModel }: WebhookContext): Promise<void> {
  const { value } = await readModel.webhooks()
  if (value.length < WEBHOOKS_MAX) return
  throw new DomainError('LIMIT_EXCEEDED', `There are ${WEBHOOKS_MAX} webhooks already: remove one first.`, { max: WEBHOOKS_MAX })
}
