import { catalogueCommands } from './commands/catalogue.ts'
import { stockCommands } from './commands/stock.ts'
import type { Commands } from './commands/types.ts'
import { createExecute } from './execute.ts'
import type { Clock, Digest, EventStore, Ids } from './ports.ts'
import type { ProjectionTables, ReadModel } from './read-model.ts'

/** All that presentation sees of the application. */
export interface Inventory {
  readonly commands: Commands
  readonly queries: ReadModel
  /** The log's id, where it ends, and where the read model has got to. */
  status(): { readonly logId: string; readonly head: number; readonly projected: number }
}

export interface InventoryPorts {
  readonly store: EventStore
  readonly readModel: ReadModel
  readonly tables: Pick<ProjectionTables, 'checkpoint'>
  readonly clock: Clock
  readonly ids: Ids
  readonly digest: Digest
}

export function createInventory({ store, readModel, tables, clock, ids, digest }: InventoryPorts): Inventory {
  const context = { execute: createExecute({ store, clock, ids }), store, readModel, clock, digest }
  return {
    commands: { ...catalogueCommands(context), ...stockCommands(context) },
    queries: readModel,
    status: () => ({ logId: store.id, head: store.head(), projected: tables.checkpoint() }),
  }
}
