import { type Observer, unobserved } from '../observer.ts'
import type { Logger, RecordedEvent } from '../ports.ts'
import type { DeliveryView, WebhookView } from '../views.ts'
import { Alarm } from './alarm.ts'
import { type Courier, createCourier, type CourierPorts } from './courier.ts'
import { Intake, type IntakePorts, wants } from './intake.ts'
import type { DeliveryJournal, DeliveryOutcome, Health, PendingDelivery } from './ports.ts'
import { judge, nameOf, type RetryPolicy, RETRIES, type Verdict } from './retries.ts'

export interface LanePorts extends CourierPorts, IntakePorts {
  readonly store: CourierPorts['store'] & IntakePorts['store']
  readonly journal: DeliveryJournal
  readonly logger: Logger
  /** Of an endpoint that is gone: resolves once its webhook is disabled. */
  disable(webhookId: string): Promise<void>
  /** From 0 inclusive to 1 exclusive. */
  random(): number
  readonly retries?: RetryPolicy | undefined
  readonly observer?: Pick<Observer, 'delivery'>
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

/** After something else than the endpoint has failed. */
const TROUBLE_MS = 1_000

/** One endpoint's queue: what it is to be told, in the order of the log, one request at a time. */
export class Lane {
  readonly #alarm: Alarm
  readonly #intake: Intake
  readonly #courier: Courier
  readonly #done: Promise<void>
  #health: Health
  #attempt = new AbortController()
  #isStopped = false

  constructor(private webhook: WebhookView, private readonly ports: LanePorts) {
    const { position, ...health } = ports.journal.open(webhook.id, webhook.registeredAt)
    this.#alarm = new Alarm(ports.clock)
    this.#intake = new Intake(position, ports)
    this.#courier = createCourier(ports)
    this.#health = health
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
    if (events.some(({ type }) => wants(this.webhook, type))) this.#alarm.ring()
    else this.#intake.passOver(events)
  }

  retryNow(): void {
    this.#health = { ...this.#health, restsUntil: 0 }
    this.#alarm.ring()
  }

  status(): LaneStatus {
    const { failures, restsUntil } = this.#health
    const { id, isEnabled } = this.webhook
    return { webhookId: id, isEnabled, failures, behind: this.#intake.behind(), isResting: restsUntil > this.ports.clock.now() }
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
    const isDue = next && (next.isRequested || this.#health.restsUntil <= this.ports.clock.now())
    if (isDue) await this.#deliver(next)
    else if (!await this.#intake.take(this.webhook)) await this.#alarm.wait(next && this.#health.restsUntil)
  }

  async #deliver({ delivery, isRequested }: PendingDelivery): Promise<void> {
    const { clock, random, retries = RETRIES, observer = unobserved } = this.ports
    const attempt = this.#attempt = new AbortController()
    const event = await this.#intake.event(delivery.eventId)
    const startedAt = performance.now()
    const outcome = await this.#courier(this.webhook, event, attempt.signal)
    if (attempt.signal.aborted) return
    observer.delivery({ outcome: nameOf(outcome), milliseconds: performance.now() - startedAt })
    const verdict = judge({ health: this.#health, outcome, now: clock.now(), random: random() }, retries)
    this.#conclude({ delivery, isRequested }, outcome, verdict)
    if (verdict.status === 'GONE') await this.ports.disable(this.webhook.id)
  }

  /** A failure of what was asked for by hand is told of, and says nothing about the others. */
  #conclude({ delivery, isRequested }: PendingDelivery, { statusCode, error }: DeliveryOutcome, { status, health }: Verdict): void {
    const isHeld = isRequested && status !== 'DELIVERED'
    this.#health = isHeld ? this.#health : health
    const after: DeliveryView = {
      ...delivery,
      status: isHeld ? 'FAILED' : status === 'GONE' ? 'PENDING' : status,
      attempts: delivery.attempts + 1,
      lastStatusCode: statusCode,
      lastError: error ?? null,
      nextAttemptAt: status === 'PENDING' && !isHeld ? health.restsUntil : null,
    }
    this.ports.journal.record(after, this.#health)
    if (after.status !== 'PENDING') this.#intake.done(delivery.eventId)
    if (error !== undefined) this.#report(after)
  }

  #report({ webhookId, eventId, status, attempts, lastError }: DeliveryView): void {
    this.ports.logger.warn({ webhook: webhookId, event: eventId, status, attempts, error: lastError }, 'A delivery failed.')
  }
}
