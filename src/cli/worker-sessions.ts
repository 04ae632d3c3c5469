import type { Answer, Caller, Commands, MovementsResult } from '../application/commands/types.ts'
import type { Status } from '../application/inventory.ts'
import type { Exposition } from '../application/observer.ts'
import type { EventFilter, EventRange } from '../application/ports.ts'
import type { DeliveryQuery } from '../application/webhooks/ports.ts'
import type { Composition } from '../compose.ts'
import { plainRefusal } from '../application/plain-refusal.ts'
import type { WorkerSession } from '../infrastructure/workers/worker-process.ts'
import type { Release } from '../presentation/caller-counts.ts'
import type { CallerCounts, Refused, Share } from '../presentation/shared-callers.ts'

/** What workers are told of the server as a whole. */
export interface Told {
  readonly status: Status
  /** Since when the read model is behind the log, where it is. Milliseconds since 1970. */
  readonly behindSince: number | undefined
}

export interface SessionsPorts {
  readonly composition: Pick<Composition, 'inventory' | 'store' | 'behindSince'>
  readonly callers: CallerCounts
  /** Of all processes. */
  readonly exposition: Exposition
  /** Tells all workers. */
  tell(name: string, ...values: readonly unknown[]): void
}

export interface Sessions {
  /** One for each worker. */
  open(): WorkerSession
  /** Those who follow changes, in all workers. */
  subscribers(): number
}

type AnyCommand = (command: object, caller: Caller) => Promise<Answer<unknown>>

/** What the process that writes does for its workers. */
export function createSessions({ composition, callers, exposition, tell }: SessionsPorts): Sessions {
  const { inventory, store } = composition
  const { commands, events, deliveries } = inventory
  const subscribers = new Map<symbol, number>()
  const status = (): Told => ({ status: { ...inventory.status(), subscribers: sum(subscribers.values()) }, behindSince: composition.behindSince() })

  const shared = {
    begin: status,
    head: () => store.head(),
    command: async (name: keyof Commands, command: object, caller: Caller) => plainAnswer(await (commands[name] as AnyCommand)(command, caller)),
    find: (filter: EventFilter, range: EventRange) => events.find(filter, range),
    event: (id: string) => events.event(id),
    readStream: (stream: string, fromVersion: number) => store.readStream(stream, fromVersion),
    deliveryPage: (query: DeliveryQuery) => deliveries.page(query),
    delivery: (webhookId: string, eventId: string) => deliveries.delivery(webhookId, eventId),
    metrics: () => exposition.text(),
    take: (share: Share, caller: string, needed: number, wanted: number) => callers.take(share, caller, needed, wanted),
    async refused(what: Refused, key: string, points: number) {
      const ms = await callers.refused(what, key, points)
      if (ms !== undefined) tell('keepOut', what, key, ms)
    },
  }

  return {
    subscribers: () => sum(subscribers.values()),
    open() {
      const self = Symbol('worker')
      const places = placesOf(callers)
      return {
        handlers: { ...shared, ...places.handlers, subscribers: (count: number) => { subscribers.set(self, count) } },
        close() {
          subscribers.delete(self)
          places.close()
        },
      }
    },
  }
}

/** The places of one worker's subscriptions. */
function placesOf({ subscribe }: Pick<CallerCounts, 'subscribe'>) {
  const held = new Map<number, Release>()
  let last = 0
  return {
    handlers: {
      subscribe(caller: string): number | undefined {
        const release = subscribe(caller)
        if (!release) return undefined
        held.set(last += 1, release)
        return last
      },
      letGo(place: number) {
        held.get(place)?.()
        held.delete(place)
      },
    },
    close() { for (const release of held.values()) release() },
  }
}

/** As plain data: refusals in it are told as those are that a command is refused with. */
function plainAnswer(answer: Answer<unknown>): Answer<unknown> {
  const { refusals } = answer.result as Partial<MovementsResult>
  return refusals ? { ...answer, result: { ...answer.result as MovementsResult, refusals: refusals.map(plainRefusal) } } : answer
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)
