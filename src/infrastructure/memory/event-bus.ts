import type { EventBus, Logger } from '../../application/ports.ts'

/** Within this process: each message to each listener, before publish returns. */
export function createMemoryBus<Message>(logger: Pick<Logger, 'error'>): EventBus<Message> {
  const listeners = new Set<(message: Message) => void>()
  return {
    publish(message) {
      for (const listener of listeners) {
        try {
          listener(message)
        } catch (error) {
          logger.error({ err: error }, 'A listener of the event bus failed.')
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
  }
}
