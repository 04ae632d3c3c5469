import type { Caller, Documented } from './commands/types.ts'
import type { Execution } from './execute.ts'
import type { EventMetadata, Ids, NewEvent } from './ports.ts'
import type { Decided, UnitOfWork } from './unit-of-work.ts'

/** What was decided, as it is to be recorded: with who asked for it, when it happened, and on the first event what a replay needs. */
export function stampedEvents(work: UnitOfWork, execution: Execution<unknown>, ids: Ids) {
  const remembered = execution.remember?.()
  const idempotency = execution.idempotency && {
    ...execution.idempotency,
    events: work.events.length,
    ...(remembered !== undefined && { answer: remembered }),
  }
  const { caller } = execution
  const common = metadataOf(caller, execution.document)
  return work.events.map(({ stream, event: { type, data }, document }: Decided, index) => {
    const metadata = document ? metadataOf(caller, document) : common
    return {
      stream,
      event: {
        type, data,
        id: ids.next(),
        occurredAt: (document ?? execution.document)?.occurredAt ?? work.now,
        metadata: index === 0 && idempotency ? { ...metadata, idempotency } : metadata,
      } as NewEvent,
    }
  })
}

const metadataOf = (caller: Caller, { reference, note }: Documented = {}): EventMetadata =>
  ({ ...caller, ...(reference !== undefined && { reference }), ...(note !== undefined && { note }) })
