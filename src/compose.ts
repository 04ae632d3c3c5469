import { join } from 'node:path'
import { cachedReadModel } from './application/cached-read-model.ts'
import { startExpiry } from './application/expiry.ts'
import { createInventory, type Inventory } from './application/inventory.ts'
import { observedCommands } from './application/observed-commands.ts'
import { type Observer, unobserved } from './application/observer.ts'
import type { EventStore, Ids } from './application/ports.ts'
import type { Projected } from './application/read-model.ts'
import { keepProjected } from './application/keep-projected.ts'
import { createProjector } from './application/projector.ts'
import { createKeyvCache } from './infrastructure/cache/keyv-cache.ts'
import { sha256 } from './infrastructure/digest.ts'
import { type EventLogOptions, openEventLog } from './infrastructure/event-log/log.ts'
import { createMemoryBus } from './infrastructure/memory/event-bus.ts'
import { openReadModel } from './infrastructure/read-model/read-model.ts'
import { createBreaker } from './infrastructure/resilience/breaker.ts'
import { guardedEventStore } from './infrastructure/resilience/guarded-event-store.ts'

const CACHE_TTL_MS = 30_000
/** What is embedded heals by itself, and soon: the log with the next append after a failed one. */
const PROBE_AFTER_MS = 200

export interface Composition {
  readonly inventory: Inventory
  readonly store: EventStore
  close(): Promise<void>
}

/** The application on its embedded adapters in one directory, the read model caught up with the log. */
export async function compose(ports: EventLogOptions & { readonly ids: Ids; readonly observer?: Observer }): Promise<Composition> {
  const { directory, clock, ids, logger, observer = unobserved } = ports
  const store = await openEventLog(ports)
  const { readModel, tables, close } = openReadModel({ file: join(directory, 'read-model.sqlite'), logId: store.id })
  const bus = createMemoryBus<Projected>(logger)
  const projector = createProjector({ tables, bus, logger, observer })
  await projector.catchUp(store)
  const projecting = keepProjected({ store, projector, logger })
  const storeBreaker = createBreaker({ name: 'event store', probeAfterMs: PROBE_AFTER_MS, logger })
  const readModelBreaker = createBreaker({ name: 'read model', probeAfterMs: PROBE_AFTER_MS, logger })
  const breakers = [storeBreaker, readModelBreaker]
  const queries = cachedReadModel({
    readModel, bus, clock, digest: sha256, cache: createKeyvCache({ logger }), breaker: readModelBreaker,
    ttlMs: CACHE_TTL_MS, logId: store.id, position: tables.checkpoint(), isBehind: () => tables.checkpoint() < store.head(), observer,
  })
  const inventory = createInventory({
    store: guardedEventStore(store, storeBreaker), readModel, queries, tables, bus, clock, ids, digest: sha256, breakers,
    storeFailure: () => store.failure(), projectionFailure: () => projecting.failure(),
  })
  const stopExpiry = startExpiry(inventory.expireDue, logger)
  return {
    inventory: { ...inventory, commands: observedCommands(inventory.commands, observer) },
    store,
    async close() {
      await stopExpiry()
      await projecting.stop()
      for (const breaker of breakers) breaker.close()
      await store.close()
      close()
    },
  }
}
