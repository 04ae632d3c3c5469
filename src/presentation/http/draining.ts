import type { Server, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { sendUnavailable } from './send.ts'

/** Requests of a server that will be told to go away. */
export interface Draining {
  /** Counts a request until it is answered; false once the server goes away: then it is told so, and not to be worked on. */
  take(response: ServerResponse): boolean
  /** Takes no more, and resolves when all that was taken is answered: its connection is cut where that takes longer than `graceMs`. */
  close(graceMs: number): Promise<void>
}

const LOOK_MS = 50
const RETRY_AFTER_MS = 1_000

export function createDraining(server: Server): Draining {
  const taken = new Set<ServerResponse>()
  let isGoing = false

  function refuse(response: ServerResponse): void {
    response.setHeader('connection', 'close')
    sendUnavailable(response, 'The server is going away: ask again, it or another one will answer.', RETRY_AFTER_MS)
  }

  return {
    take(response) {
      if (isGoing) {
        refuse(response)
        return false
      }
      taken.add(response)
      response.once('close', () => { taken.delete(response) })
      return true
    },
    async close(graceMs) {
      isGoing = true
      for (const response of taken) if (!response.headersSent) response.setHeader('connection', 'close')
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve() }) })
      // A connection that was answered before it was told to close waits for a next request.
      const looking = setInterval(() => { server.closeIdleConnections() }, LOOK_MS)
      const cutting = setTimeout(() => { server.closeAllConnections() }, graceMs)
      await closed
      // A server whose connections were handed to it does not wait for them.
      while (taken.size > 0) await wait(LOOK_MS)
      clearInterval(looking)
      clearTimeout(cutting)
    },
  }
}
