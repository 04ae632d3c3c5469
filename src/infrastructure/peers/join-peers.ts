import { randomBytes, randomUUID } from 'node:crypto'
import type { Peers } from '../../application/forwarding.ts'
import { createOwners, type Owners } from '../../application/ownership.ts'
import { openOwnerLeases } from '../mysql/owner-leases.ts'
import { createHttpPeers } from './http-peers.ts'

export interface JoinedPeers {
  readonly owners: Owners
  readonly peers: Peers
  /** By which others give commands to this node, as they read it from its leases. */
  readonly token: string
  close(): Promise<void>
}

/** Owns what nodes collide on in turn with the others of a log in MySQL: only where they can reach this one at `nodeUrl`. */
export function joinPeers(databaseUrl: string, nodeUrl: string | undefined): JoinedPeers {
  const token = randomBytes(32).toString('hex')
  const owners = createOwners(openOwnerLeases(databaseUrl, { id: randomUUID(), url: nodeUrl, token }))
  const peers = createHttpPeers()
  return {
    owners, peers, token,
    async close() {
      peers.close()
      await owners.close()
    },
  }
}
