import { parseStream } from '../../domain/streams.ts'
import type { BreakerStatus } from '../inventory.ts'
import type { EventBus, EventStore, RecordedEvent } from '../ports.ts'
import { webhooks } from '../projections/webhooks.ts'
import type { Projected, ReadModel } from '../read-model.ts'
import type { WebhookView } from '../views.ts'
import { Lane, type LanePorts, type LaneStatus } from './lane.ts'
import type { Redelivery } from './ports.ts'

export interface DispatcherPorts extends LanePorts {
  readonly store: Pick<EventStore, 'id' | 'head' | 'find' | 'event'>
  readonly readModel: Pick<ReadModel, 'webhooks'>
  readonly bus: Pick<EventBus<Projected>, 'subscribe'>
}

export interface WebhooksStatus {
  readonly endpoints: number
  /** Deliveries that are to be made, as far as queues have looked into the log. */
  readonly waiting: number
  /** Events that the queue which is furthest behind has not looked at. */
  readonly behind: number
  /** One an endpoint. */
  readonly breakers: readonly BreakerStatus[]
}

export interface Dispatcher {
  /** To be called once the projections are caught up, and before there are commands. Returns the way to stop, at once. */
  start(): Promise<() => Promise<void>>
  status(): WebhooksStatus
}

const REQUESTED = 'WebhookRedeliveryRequested'
const PAGE = 500

/** Keeps a queue for each webhook that there is. */
export function createDispatcher(ports: DispatcherPorts): Dispatcher {
  const { store, journal, readModel, bus } = ports
  const lanes = new Map<string, Lane>()
  const stopping = new Set<Promise<void>>()

  function take({ events, changes }: Projected): void {
    for (const { projection, after } of changes) if (projection === webhooks.name) reconcile(after as WebhookView)
    const requests = events.filter(({ type }) => type === REQUESTED)
    if (requests.length > 0) request(requests)
    for (const lane of lanes.values()) lane.tell(events)
  }

  function reconcile(webhook: WebhookView): void {
    const lane = lanes.get(webhook.id)
    if (webhook.isRemoved) remove(webhook.id, lane)
    else if (lane) lane.update(webhook)
    else lanes.set(webhook.id, new Lane(webhook, ports))
  }

  function remove(id: string, lane: Lane | undefined): void {
    if (!lanes.delete(id) || !lane) return
    const stopped = lane.stop().then(() => { journal.forgetAllBut([...lanes.keys()]) })
    stopping.add(stopped)
    void stopped.finally(() => stopping.delete(stopped))
  }

  function request(events: readonly RecordedEvent[]): void {
    const asked = events.map(redelivery)
    journal.request(asked, events.at(-1)?.position ?? 0)
    for (const { webhookId } of asked) lanes.get(webhookId)?.retryNow()
  }

  async function takeRequests(): Promise<void> {
    for (;;) {
      const { events, hasMore } = await store.find({ types: [REQUESTED] }, { first: PAGE, after: journal.requestsPosition() })
      if (events.length > 0) request(events)
      if (!hasMore) return
    }
  }

  return {
    async start() {
      const { value: views } = await readModel.webhooks()
      journal.forgetAllBut(views.map(({ id }) => id))
      journal.forgetAfter(store.head())
      await takeRequests()
      for (const view of views) reconcile(view)
      const unsubscribe = bus.subscribe(take)
      return async () => {
        unsubscribe()
        await Promise.all([...lanes.values()].map((lane) => lane.stop()))
        await Promise.all(stopping)
      }
    },
    status() {
      const all = [...lanes.values()].map((lane) => lane.status())
      return { endpoints: all.length, waiting: journal.waiting(), behind: Math.max(0, ...all.map(({ behind }) => behind)), breakers: all.map(breaker) }
    },
  }
}

function redelivery({ stream, data }: RecordedEvent): Redelivery {
  return { webhookId: parseStream(stream).parts[0] ?? '', eventId: (data as { readonly eventId: string }).eventId }
}

/** Fewer failures in a row are a hiccup. */
const FAILURES_MIN = 5

/** A queue is its endpoint's breaker: while it rests nothing is sent, then one delivery goes first. */
function breaker({ webhookId, failures, isResting }: LaneStatus): BreakerStatus {
  const state = failures < FAILURES_MIN ? 'CLOSED' : isResting ? 'OPEN' : 'HALF_OPEN'
  return { name: `webhook ${webhookId}`, state, failures }
}
