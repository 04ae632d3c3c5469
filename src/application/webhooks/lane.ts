import { ALL_TYPES, DELIVERABLE_TYPES } from '../../domain/webhook.ts'
import type { Clock, EventStore, Logger, RecordedEvent } from '../ports.ts'
import type { DeliveryView, WebhookView } from '../views.ts'
import { type Tracing, untraced } from '../tracing.ts'
import { Alarm } from './alarm.ts'
import { CONTENT_TYPE, cloudEvent } from './message.ts'
import type { DeliveryJournal, DeliveryOutcome, DeliverySender, PendingDelivery, QueueState, WebhookSecrets } from './ports.ts'
import { judge, type RetryPolicy, RETRIES, type Verdict } from './retries.ts'

export interface LanePorts {
  readonly store: Pick<EventStore, 'id' | 'head' | 'find' | 'event'>
  readonly journal: DeliveryJournal
  readonly sender: DeliverySender
  readonly secrets: WebhookSecrets
  readonly clock: Clock
  readonly logger: Logger
  readonly tracing?: Tracing | undefined
  /** Of an endpoint that is gone: resolves once its webhook is disabled. */
  disable(webhookId: string): Promise<void>
  /** From 0 inclusive to 1 exclusive. */
  random(): number
  readonly retries?: RetryPolicy | undefined
}

export interface LaneStatus {
  readonly webhookId: string
  readonly isEnabled: boolean
  /** Events of the log that its queue has not looked at yet. */
  readonly behind: number
  /** Attempts that failed, one after the other. */
  readonly failures: number
  readonly isResting: boolean
}

/** So many events wait in the journal at the most: the others wait in the log. */
const WINDOW = 200
/** So much of the log is looked through at once. */
const STRIDE = 20_000
/** After something else than the endpoint has failed. */
const TROUBLE_MS = 1_000

/** One endpoint's queue: what it is to be told, in the order of the log, one request at a time. */
export class Lane {
  readonly #alarm: Alarm
  /** Those that wait, as far as they were read here. */
  readonly #events = new Map<string, RecordedEvent>()
  readonly #done: Promise<void>
  #queue: QueueState
  #attempt = new AbortController()
  #isStopped = false

  constructor(private webhook: WebhookView, private readonly ports: LanePorts) {
    this.#alarm = new Alarm(ports.clock)
    this.#queue = ports.journal.open(webhook.id, webhook.registeredAt)
    this.#done = this.#run()
  }

  /** What is on its way is broken off where its endpoint is disabled or another one. Whatever changed may be what it failed for. */
  update(webhook: WebhookView): void {
    const isOther = webhook.url !== this.webhook.url || webhook.isEnabled !== this.webhook.isEnabled
    this.webhook = webhook
    if (isOther) this.#attempt.abort()
    this.retryNow()
  }

  /** Of events that were just recorded. */
  tell(events: readonly RecordedEvent[]): void {
    const [first, last] = [events[0], events.at(-1)]
    if (events.some(({ type }) => this.#wants(type))) this.#alarm.ring()
    else if (first && last && first.position === this.#queue.position + 1) this.#queue = { ...this.#queue, position: last.position }
  }

  retryNow(): void {
    this.#queue = { ...this.#queue, restsUntil: 0 }
    this.#alarm.ring()
  }

  status(): LaneStatus {
    const { failures, restsUntil, position } = this.#queue
    const { store, clock } = this.ports
    return {
      webhookId: this.webhook.id, isEnabled: this.webhook.isEnabled, failures,
      behind: Math.max(0, store.head() - position), isResting: restsUntil > clock.now(),
    }
  }

  /** Breaks off what is on its way: whoever goes on sends it again. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#attempt.abort()
    this.#alarm.ring()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#step()
      } catch (error) {
        this.ports.logger.error({ err: error, webhook: this.webhook.id }, 'A delivery could not be worked on; it is tried again.')
        await this.#pause(TROUBLE_MS)
      }
    }
  }

  /** Whatever rings meanwhile: what could not be kept of a delivery would be sent again and again. */
  async #pause(milliseconds: number): Promise<void> {
    const end = this.ports.clock.now() + milliseconds
    while (!this.#isStopped && this.ports.clock.now() < end) await this.#alarm.wait(end)
  }

  async #step(): Promise<void> {
    if (!this.webhook.isEnabled) {
      await this.#alarm.wait()
      return
    }
    const next = this.ports.journal.next(this.webhook.id)
    const isDue = next && (next.isRequested || this.#queue.restsUntil <= this.ports.clock.now())
    if (isDue) await this.#deliver(next)
    else if (!await this.#takeIn()) await this.#alarm.wait(next && this.#queue.restsUntil)
  }

  /** Whether there is more to do than to wait. */
  async #takeIn(): Promise<boolean> {
    const { store, journal } = this.ports
    const room = WINDOW - journal.waiting(this.webhook.id)
    const [from, head] = [this.#queue.position, store.head()]
    if (room <= 0 || from >= head) return false
    const end = Math.min(head, from + STRIDE)
    const { events, hasMore } = await store.find(this.#filter(), { first: room, after: from, before: end + 1 })
    const position = hasMore ? events.at(-1)?.position ?? end : end
    const wanted = events.filter(({ type }) => this.#wants(type))
    journal.enqueue(this.webhook.id, wanted.map((event) => ({ eventId: event.id, position: event.position })), position)
    for (const event of wanted) this.#events.set(event.id, event)
    this.#queue = { ...this.#queue, position }
    return true
  }

  #filter() {
    const { eventTypes } = this.webhook
    return eventTypes.includes(ALL_TYPES) ? {} : { types: eventTypes }
  }

  #wants(type: string): boolean {
    const { eventTypes } = this.webhook
    return eventTypes.includes(ALL_TYPES) ? DELIVERABLE_TYPES.includes(type) : eventTypes.includes(type)
  }

  async #deliver({ delivery, isRequested }: PendingDelivery): Promise<void> {
    const { clock, random, retries = RETRIES } = this.ports
    const attempt = this.#attempt = new AbortController()
    const outcome = await this.#send(delivery.eventId, attempt.signal)
    if (attempt.signal.aborted) return
    const verdict = judge({ health: this.#queue, outcome, now: clock.now(), random: random() }, retries)
    this.#conclude({ delivery, isRequested }, outcome, verdict)
    if (verdict.status === 'GONE') await this.ports.disable(this.webhook.id)
  }

  async #send(eventId: string, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { store, tracing = untraced } = this.ports
    const event = this.#events.get(eventId) ?? await store.event(eventId)
    if (!event) throw new Error(`The log has no event ${eventId}.`)
    const { traceparent } = event.metadata
    const span = tracing.begin('webhook delivery', { kind: 'client', links: traceparent === undefined ? [] : [traceparent] })
    const outcome = await this.#post(event, span?.traceparent, signal)
    span?.end({ webhook: this.webhook.id, event: eventId, 'http.response.status_code': outcome.statusCode ?? 0 }, outcome.error)
    return outcome
  }

  async #post(event: RecordedEvent, traceparent: string | undefined, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { store, sender, clock } = this.ports
    try {
      const { url } = this.webhook
      const body = cloudEvent(event, store.id)
      return await sender.send({ url, id: event.id, contentType: CONTENT_TYPE, body, secrets: this.#secrets(), sentAt: clock.now(), traceparent }, signal)
    } catch (error) {
      return { statusCode: null, error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** The secret before only while it is good, and not where its key was lost: that is what it was rotated for. */
  #secrets(): readonly string[] {
    const { id, signing, previous } = this.webhook
    const { secrets, clock } = this.ports
    const isGood = previous && previous.until > clock.now() && previous.signing.keyId === secrets.keyId
    return (isGood ? [signing, previous.signing] : [signing]).map((each) => secrets.secret(id, each))
  }

  /** A failure of what was asked for by hand is told of, and says nothing about the others. */
  #conclude({ delivery, isRequested }: PendingDelivery, { statusCode, error }: DeliveryOutcome, { status, health }: Verdict): void {
    const isHeld = isRequested && status !== 'DELIVERED'
    const left = isHeld ? this.#queue : health
    const after: DeliveryView = {
      ...delivery,
      status: isHeld ? 'FAILED' : status === 'GONE' ? 'PENDING' : status,
      attempts: delivery.attempts + 1,
      lastStatusCode: statusCode,
      lastError: error ?? null,
      nextAttemptAt: status === 'PENDING' && !isHeld ? health.restsUntil : null,
    }
    this.ports.journal.record(after, left)
    this.#queue = { ...left, position: this.#queue.position }
    if (after.status !== 'PENDING') this.#events.delete(delivery.eventId)
    if (error !== undefined) this.#report(after)
  }

  #report({ webhookId, eventId, status, attempts, lastError }: DeliveryView): void {
    this.ports.logger.warn({ webhook: webhookId, event: eventId, status, attempts, error: lastError }, 'A delivery failed.')
  }
}
