import type { ServedInventory } from '../inventory.ts'
import { authorizedChanges } from './authorized-changes.ts'
import { authorizedCommands } from './authorized-commands.ts'
import { authorizedEvents } from './authorized-events.ts'
import { authorizedQueries } from './authorized-queries.ts'
import { authorizedDeliveries, authorizedWebhooks } from './authorized-webhooks.ts'
import type { Identity } from './identity.ts'
import { among } from './scope.ts'

/** The inventory as one caller may see and change it. Made here alone, so that nobody is served without having been looked at. */
export type AuthorizedInventory = Omit<ServedInventory, 'take'> & { readonly identity: Identity }

/** The inventory of each caller, made once for each identity. */
export function createAuthorizer(inventory: ServedInventory): (identity: Identity) => AuthorizedInventory {
  const made = new WeakMap<Identity, AuthorizedInventory>()
  return (identity) => {
    const known = made.get(identity) ?? authorizedInventory(inventory, identity)
    made.set(identity, known)
    return known
  }
}

/** Refuses with Forbidden, and leaves out, what the table of permissions says. */
export function authorizedInventory(inventory: ServedInventory, identity: Identity): AuthorizedInventory {
  const { commands, queries, events, changes, deliveries } = inventory
  const { locations: own } = identity
  return {
    identity,
    commands: authorizedCommands(commands, queries, identity),
    queries: { ...(own === 'all' ? queries : authorizedQueries(queries, own)), ...authorizedWebhooks(queries, identity) },
    events: authorizedEvents(events, identity),
    changes: authorizedChanges(changes, identity),
    deliveries: authorizedDeliveries(deliveries, identity),
    checkAvailability: (query) => inventory.checkAvailability(own === 'all' ? query : { ...query, locations: among(own, query.locations) }),
    status: () => inventory.status(),
    seek: (position) => inventory.seek(position),
    reach: (position) => inventory.reach(position),
  }
}
