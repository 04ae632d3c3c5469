import type { EventStore, Logger, RecordedEvent } from './ports.ts'
import type { Projector } from './projector.ts'

export interface KeepProjectedPorts {
  readonly store: Pick<EventStore, 'head' | 'read' | 'onCommit'>
  readonly projector: Projector
  readonly logger: Logger
}

const RETRY_MS = 500

/**
 * Projects what is committed. Where that fails the events are durable all the same, and their commands done: the read
 * model is caught up from the log, as often as it takes. Returns the way to stop.
 */
export function keepProjected({ store, projector, logger }: KeepProjectedPorts): () => Promise<void> {
  let catchingUp: Promise<void> | undefined
  let isStopped = false
  let wake: () => void = () => undefined

  function project(events: readonly RecordedEvent[]): void {
    if (catchingUp) return
    try {
      projector.project(events)
    } catch (error) {
      logger.error({ err: error }, 'The projections failed; they are caught up from the log.')
      catchingUp = catchUp().finally(() => { catchingUp = undefined })
    }
  }

  async function catchUp(): Promise<void> {
    while (!isStopped) {
      try {
        await projector.catchUp(store)
        return
      } catch (error) {
        logger.error({ err: error }, 'The projections could not be caught up; it is tried again.')
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, RETRY_MS)
        })
      }
    }
  }

  const stopListening = store.onCommit(project)
  return async () => {
    isStopped = true
    wake()
    await catchingUp
    stopListening()
  }
}
