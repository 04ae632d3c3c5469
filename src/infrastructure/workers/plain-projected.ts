import type { RecordedEvent } from '../../application/ports.ts'
import type { Projected } from '../../application/read-model.ts'

/** What was projected as plain data: each event stands in it once, and changes name it by its index. */
export interface PlainProjected {
  readonly events: readonly RecordedEvent[]
  readonly changes: readonly (readonly [projection: string, key: string, event: number, after: object, before?: object])[]
}

export function plainProjected({ events, changes }: Projected): PlainProjected {
  const first = events[0]?.position ?? 0
  return {
    events,
    changes: changes.map(({ projection, key, event, before, after }) =>
      (before === undefined ? [projection, key, event.position - first, after] : [projection, key, event.position - first, after, before])),
  }
}

export const projectedOf = ({ events, changes }: PlainProjected): Projected => ({
  events,
  changes: changes.flatMap(([projection, key, index, after, before]) => {
    const event = events[index]
    return event ? [{ projection, key, event, before, after }] : []
  }),
})
