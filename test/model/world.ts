import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedReadModel } from '../../src/application/cached-read-model.ts'
import { createInventory, type Inventory } from '../../src/application/inventory.ts'
import { keepProjected } from '../../src/application/keep-projected.ts'
import type { Breaker, EventStore } from '../../src/application/ports.ts'
import { createProjector } from '../../src/application/projector.ts'
import type { Projected } from '../../src/application/read-model.ts'
import { createKeyvCache } from '../../src/infrastructure/cache/keyv-cache.ts'
import { sha256 } from '../../src/infrastructure/digest.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { createMemoryEventStore } from '../../src/infrastructure/memory/event-store.ts'
import { createManualClock, type ManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { compareReadModel } from '../../src/infrastructure/read-model/compare.ts'
import { openReadModel } from '../../src/infrastructure/read-model/read-model.ts'
import { openWebhooks } from '../../src/infrastructure/webhooks/webhooks.ts'
import { silent } from '../application/test-inventory.ts'

/** The real application on a log in memory and the real read model, with a clock that is moved by hand. */
export interface World {
  readonly inventory: Inventory
  readonly store: EventStore
  readonly clock: ManualClock
  /** Where a fresh fold of the whole log comes to other rows than the read model holds. */
  differences(): Promise<readonly string[]>
  close(): Promise<void>
}

const never: Breaker = { name: 'none', run: (call) => call(), runNow: (call) => call(), state: () => 'CLOSED', failures: () => 0 }

/** Put together by hand, as src/compose.ts would with a log on the disk: the sync of each command would take most of the time. */
export async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-model-'))
  const file = join(directory, 'read-model.sqlite')
  const clock = createManualClock()
  const store = createMemoryEventStore({ clock })
  const { readModel, tables, close } = openReadModel({ file, logId: store.id })
  const bus = createMemoryBus<Projected>(silent)
  const projecting = keepProjected({ store, projector: createProjector({ tables, bus, logger: silent }), logger: silent })
  const queries = cachedReadModel({
    readModel, bus, clock, digest: sha256, cache: createKeyvCache({ logger: silent }), breaker: never, ttlMs: 30_000, logId: store.id, position: 0, behindSince: () => undefined,
  })
  const webhookPorts = openWebhooks({ directory, logId: store.id, userAgent: 'model' })
  const inventory = createInventory({
    store, readModel, queries, tables, bus, clock, ids: uuidV7, digest: sha256, breakers: [],
    storeFailure: () => undefined, projectionFailure: () => projecting.failure(),
    webhookPorts, webhooksStatus: () => ({ endpoints: 0, waiting: 0, behind: 0, breakers: [] }),
  })
  return {
    inventory, store, clock,
    async differences() {
      const walk = async (onEvents: (events: Parameters<Parameters<typeof store.onCommit>[0]>[0]) => void): Promise<void> => {
        for await (const events of store.read(0)) onEvents(events)
      }
      return (await compareReadModel({ file, walk, onProgress: () => undefined }))?.differences ?? ['There is no read model.']
    },
    async close() {
      await projecting.stop()
      webhookPorts.close()
      close()
      await rm(directory, { recursive: true })
    },
  }
}
