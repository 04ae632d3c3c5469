import type { Logger, RecordedEvent } from '../../application/ports.ts'

type Listener = (events: readonly RecordedEvent[]) => void

/** Those who hear of every commit. One that throws harms no other. */
export class Listeners {
  private readonly all = new Set<Listener>()

  constructor(private readonly logger: Logger) {}

  add(listener: Listener): () => void {
    this.all.add(listener)
    return () => { this.all.delete(listener) }
  }

  tell(events: readonly RecordedEvent[]): void {
    for (const listener of this.all) {
      try {
        listener(events)
      } catch (error) {
        this.logger.error({ err: error }, 'A listener of the event log failed.')
      }
    }
  }
}
