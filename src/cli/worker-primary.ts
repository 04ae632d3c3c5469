import type { Answer, MovementsResult } from '../application/commands/types.ts'
import { type PlainRefusal, refusalOf } from '../application/plain-refusal.ts'
import type { EventPage, RecordedEvent } from '../application/ports.ts'
import type { DeliveryView } from '../application/views.ts'
import type { DeliveryPage } from '../application/webhooks/ports.ts'
import type { Primary } from '../application/worker-inventory.ts'
import type { Calls } from '../infrastructure/workers/calls.ts'
import type { CountsElsewhere, Portion } from '../presentation/shared-callers.ts'

/** What the process that writes does for this one: see `worker-sessions.ts` for how it does it. */
export const primaryOver = ({ ask }: Pick<Calls, 'ask'>): Primary => ({
  command: async (name, command, caller) => answerOf(await ask('command', name, command, caller) as Answer<unknown>),
  events: {
    find: (filter, range) => ask('find', filter, range) as Promise<EventPage>,
    event: (id) => ask('event', id) as Promise<RecordedEvent | undefined>,
    readStream: (stream, fromVersion) => ask('readStream', stream, fromVersion) as Promise<readonly RecordedEvent[]>,
  },
  deliveries: {
    page: (query) => ask('deliveryPage', query) as Promise<DeliveryPage>,
    delivery: (webhookId, eventId) => ask('delivery', webhookId, eventId) as Promise<DeliveryView | undefined>,
  },
  head: () => ask('head') as Promise<number>,
})

export const countsOver = ({ ask, tell }: Pick<Calls, 'ask' | 'tell'>): CountsElsewhere => ({
  take: (share, caller, needed, wanted) => ask('take', share, caller, needed, wanted) as Promise<Portion>,
  async refused(what, key, points) { await ask('refused', what, key, points) },
  subscribe: (caller) => ask('subscribe', caller) as Promise<number | undefined>,
  letGo(place) { tell('letGo', place) },
})

/** Refusals in it came as plain data. */
function answerOf(answer: Answer<unknown>): Answer<unknown> {
  const { refusals } = answer.result as { readonly refusals?: readonly PlainRefusal[] }
  if (!refusals) return answer
  const result: MovementsResult = { ...answer.result as MovementsResult, refusals: refusals.map(refusalOf) }
  return { ...answer, result }
}
