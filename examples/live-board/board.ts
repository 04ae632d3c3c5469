import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** One line of the board. */
export interface Movement { readonly cursor: string; readonly product: string; readonly location: string; readonly delta: number; readonly onHand: number }

interface Change {
  readonly cursor: string
  readonly onHandDelta: number
  readonly stockLevel: { readonly product: { readonly name: string }; readonly location: { readonly name: string }; readonly quantities: { readonly onHand: number } }
}

const CHANGES = `
  subscription Board($locations: [String!], $after: Cursor) {
    stockChanged(locations: $locations, after: $after) {
      cursor
      onHandDelta
      stockLevel { product { name } location { name } quantities { onHand } }
    }
  }
`

export interface BoardOptions {
  /** The server's /graphql, as ws:// or wss://. */
  readonly url: string
  /** Codes; left out, all of them. */
  readonly locations?: readonly string[]
  /** The cursor of the last movement that was shown; left out, the board begins with now. */
  readonly after?: string
  show(movement: Movement): void
}

/**
 * Shows movements as they happen until the signal. Keep the last cursor: after a lost connection, or tomorrow, the board
 * goes on from there, and nothing is missed and nothing shown twice. Rejects with what the server refuses.
 */
export async function runBoard({ url, locations, after, show }: BoardOptions, signal: AbortSignal): Promise<void> {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
  signal.addEventListener('abort', () => { void client.dispose() }, { once: true })
  let cursor = after
  while (!signal.aborted) {
    const changes = client.iterate<{ stockChanged: Change }>({ query: CHANGES, variables: { locations: locations ?? null, after: cursor ?? null } })
    try {
      for await (const { data, errors } of changes) {
        if (!data) throw new Refused(errors)
        cursor = data.stockChanged.cursor
        show(movementOf(data.stockChanged))
      }
    } catch (reason) {
      if (reason instanceof Refused || Array.isArray(reason)) throw reason instanceof Refused ? reason : new Refused(reason)
      // A connection that is lost is tried again.
    }
    await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined)
  }
}

const RECONNECT_MS = 500

class Refused extends Error {
  constructor(errors: unknown) {
    super(`The server refused: ${JSON.stringify(errors)}`)
  }
}

const movementOf = ({ cursor, onHandDelta, stockLevel: { product, location, quantities } }: Change): Movement =>
  ({ cursor, product: product.name, location: location.name, delta: onHandDelta, onHand: quantities.onHand })
