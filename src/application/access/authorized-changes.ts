import type { Changes } from '../changes.ts'
import { visible } from './authorized-events.ts'
import type { Identity } from './identity.ts'
import { among, requireOwn } from './scope.ts'

type Placed = { readonly locations?: readonly string[] }

/** What one may follow. A location of somebody else is refused here and not hidden: one would wait for its changes for ever. */
export function authorizedChanges(changes: Changes, identity: Identity): Changes {
  const { locations: own } = identity
  const bound = <Filter extends Placed>(filter: Filter): Filter => {
    if (own === 'all') return filter
    requireOwn(identity, filter.locations ?? [])
    return { ...filter, locations: among(own, filter.locations) }
  }
  return {
    stock: (filter, after, onSlow) => changes.stock(bound(filter), after, onSlow),
    lowStock: (filter, after, onSlow) => changes.lowStock(bound(filter), after, onSlow),
    reservations: (filter, after, onSlow) => changes.reservations(own === 'all' ? filter : { ...filter, locations: [...own] }, after, onSlow),
    events: (filter, after, onSlow) => changes.events(visible(bound(filter), identity), after, onSlow),
    subscribers: () => changes.subscribers(),
  }
}
