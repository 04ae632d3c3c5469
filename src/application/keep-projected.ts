import type { EventStore, Logger, RecordedEvent } from './ports.ts'
import type { Projector } from './projector.ts'

export interface KeepProjectedPorts {
  readonly store: Pick<EventStore, 'head' | 'read' | 'onCommit'>
  readonly projector: Projector
  readonly logger: Logger
}

const RETRY_MS = 500

export interface Projecting {
  /** Why the read model is behind the log, where it is. */
  failure(): string | undefined
  /** Since when it is, in milliseconds since 1970. */
  behindSince(): number | undefined
  stop(): Promise<void>
}

/**
 * Projects what is committed. Where that fails the events are durable all the same, and their commands done: the read
 * model is caught up from the log, as often as it takes.
 */
export function keepProjected({ store, projector, logger }: KeepProjectedPorts): Projecting {
  let catchingUp: Promise<void> | undefined
  let cause: string | undefined
  let since: number | undefined
  let isStopped = false
  let wake: () => void = () => undefined

  function project(events: readonly RecordedEvent[]): void {
    if (catchingUp) return
    try {
      projector.project(events)
    } catch (error) {
      logger.error({ err: error }, 'The projections failed; they are caught up from the log.')
      cause = reasonOf(error)
      since = events[0]?.recordedAt
      catchingUp = catchUp().finally(() => { catchingUp = undefined })
    }
  }

  async function catchUp(): Promise<void> {
    while (!isStopped) {
      try {
        await projector.catchUp(store)
        cause = since = undefined
        return
      } catch (error) {
        cause = reasonOf(error)
        logger.error({ err: error }, 'The projections could not be caught up; it is tried again.')
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, RETRY_MS)
        })
      }
    }
  }

  const stopListening = store.onCommit(project)
  return {
    failure: () => cause,
    behindSince: () => since,
    async stop() {
      isStopped = true
      wake()
      await catchingUp
      stopListening()
    },
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
