import type { SubscribePayload } from 'graphql-ws'
import type { AuthorizedInventory } from '../../application/access/authorized-inventory.ts'
import type { Delivery } from './subscription-execution.ts'

/** The other end of a socket. */
export interface Peer {
  /** Whose share of requests and subscriptions it takes from. */
  callerId: string
  /** Of the whole connection; an operation may bring its own. */
  correlationId: string
  /** What the request that opened the socket said of who asks; connection_init may say it too. */
  readonly authorization: string | undefined
  /** As the other end may see and change it, once it is known who that is. */
  inventory?: AuthorizedInventory
  /** Aborts where the connection is closed, whoever closes it. */
  readonly closed: AbortSignal
  /** The subscriptions that are on, and how far each has got. */
  readonly following: Map<SubscribePayload, Delivery>
  /** Sends frames that are made already. Resolves when the system has taken them; undefined where it has already. */
  write(frames: Buffer): Promise<void> | undefined
  /** Closes the connection to one that is not let in, or no longer. */
  closeForbidden(reason: string): void
  /** Closes the connection to one that is not let in for now. */
  closeLimited(reason: string): void
  /** Closes the connection to one of whom it can't be known for now who it is. */
  closeUnavailable(reason: string): void
  /** Closes the connection to one that does not read. The cursor is that of the last change that was sent to it. */
  closeSlow(cursor: string): void
}
