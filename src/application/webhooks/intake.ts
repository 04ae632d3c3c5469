import { ALL_TYPES, DELIVERABLE_TYPES } from '../../domain/webhook.ts'
import type { EventStore, RecordedEvent } from '../ports.ts'
import type { WebhookView } from '../views.ts'
import type { DeliveryJournal } from './ports.ts'

export interface IntakePorts {
  readonly store: Pick<EventStore, 'head' | 'find' | 'event'>
  readonly journal: Pick<DeliveryJournal, 'enqueue' | 'waiting'>
}

/** So many events wait in the journal at the most: the others wait in the log. */
const WINDOW = 200
/** So much of the log is looked through at once. */
const STRIDE = 20_000

/** Whether the webhook is to be told of events of this type. */
export const wants = ({ eventTypes }: WebhookView, type: string): boolean =>
  (eventTypes.includes(ALL_TYPES) ? DELIVERABLE_TYPES.includes(type) : eventTypes.includes(type))

/** Where one endpoint's queue comes from: the log, from a position on. */
export class Intake {
  /** Those that wait, as far as they were read here. */
  readonly #events = new Map<string, RecordedEvent>()

  constructor(private position: number, private readonly ports: IntakePorts) {}

  /** Events of the log that were not looked at yet. */
  behind(): number {
    return Math.max(0, this.ports.store.head() - this.position)
  }

  /** Of events that were just recorded, none of which is wanted. */
  passOver(events: readonly RecordedEvent[]): void {
    const [first, last] = [events[0], events.at(-1)]
    if (first?.position === this.position + 1 && last) this.position = last.position
  }

  /** Takes the next events in, as many as may wait. Tells whether it got any further. */
  async take(webhook: WebhookView): Promise<boolean> {
    const { store, journal } = this.ports
    const room = WINDOW - journal.waiting(webhook.id)
    const head = store.head()
    if (room <= 0 || this.position >= head) return false
    const end = Math.min(head, this.position + STRIDE)
    const filter = webhook.eventTypes.includes(ALL_TYPES) ? {} : { types: webhook.eventTypes }
    const { events, hasMore } = await store.find(filter, { first: room, after: this.position, before: end + 1 })
    const wanted = events.filter(({ type }) => wants(webhook, type))
    this.position = hasMore ? events.at(-1)?.position ?? end : end
    journal.enqueue(webhook.id, wanted.map(({ id, position }) => ({ eventId: id, position })), this.position)
    for (const event of wanted) this.#events.set(event.id, event)
    return true
  }

  async event(id: string): Promise<RecordedEvent> {
    const event = this.#events.get(id) ?? await this.ports.store.event(id)
    if (event) return event
    throw new Error(`The log has no event ${id}.`)
  }

  /** Its delivery is over. */
  done(id: string): void {
    this.#events.delete(id)
  }
}
