import { join } from 'node:path'
import { createInventory, type Inventory } from './application/inventory.ts'
import type { Clock, EventStore, Ids, Logger } from './application/ports.ts'
import { createProjector } from './application/projector.ts'
import { sha256 } from './infrastructure/digest.ts'
import { openEventLog } from './infrastructure/event-log/log.ts'
import { openReadModel } from './infrastructure/read-model/read-model.ts'

export interface Composition {
  readonly inventory: Inventory
  readonly store: EventStore
  close(): Promise<void>
}

/** The application on its embedded adapters in one directory, the read model caught up with the log. */
export async function compose(ports: { directory: string; clock: Clock; ids: Ids; logger: Logger }): Promise<Composition> {
  const { directory, clock, ids, logger } = ports
  const store = await openEventLog({ directory, clock, logger })
  const { readModel, tables, close } = openReadModel({ file: join(directory, 'read-model.sqlite'), logId: store.id })
  const projector = createProjector({ tables, logger })
  await projector.catchUp(store)
  store.onCommit((events) => {
    try {
      projector.project(events)
    } catch (error) {
      // The events are durable, so their commands are done; the read model is brought up to date from the log.
      logger.error({ err: error }, 'The projections failed; they are caught up from the log.')
      projector.catchUp(store).catch((cause: unknown) => { logger.error({ err: cause }, 'The projections could not be caught up.') })
    }
  })
  return {
    inventory: createInventory({ store, readModel, tables, clock, ids, digest: sha256 }),
    store,
    async close() {
      await store.close()
      close()
    },
  }
}
