import { checkAvailability } from './availability.ts'
import { createChanges } from './changes.ts'
import type { Answer, Caller, Commands } from './commands/types.ts'
import type { Deliveries, ServedInventory, Status } from './inventory.ts'
import { type EventBus, type EventStore, Unavailable } from './ports.ts'
import { createReach } from './reach.ts'
import type { Projected, ReadModel } from './read-model.ts'

/** What a worker has the process do that writes. */
export interface Primary {
  command(name: keyof Commands, command: object, caller: Caller): Promise<Answer<unknown>>
  readonly events: Pick<EventStore, 'find' | 'event' | 'readStream'>
  readonly deliveries: Deliveries
  /** Where the log ends. */
  head(): Promise<number>
}

export interface WorkerInventoryPorts {
  readonly primary: Primary
  readonly readModel: ReadModel
  /** What queries are answered from: the read model, or a cache over it. */
  readonly queries: ReadModel
  /** Told of what the primary has projected, after it stands in the read model. */
  readonly bus: EventBus<Projected>
  /** Up to where the read model has the log now. */
  checkpoint(): number
  /** Of the whole server, as far as the primary has told of it. */
  status(): Status
}

/** The names of all commands: each has its line here, or it does not compile. */
const COMMANDS: Readonly<Record<keyof Commands, true>> = {
  registerProduct: true, updateProduct: true, discontinueProduct: true, openLocation: true, updateLocation: true, closeLocation: true,
  addStock: true, removeStock: true, countStock: true, setStockAside: true, putStockBack: true, setStockPolicy: true, applyMovements: true,
  reserveStock: true, extendReservation: true, fulfillReservation: true, releaseReservation: true,
  dispatchTransfer: true, receiveTransfer: true, cancelTransfer: true,
  registerWebhook: true, updateWebhook: true, removeWebhook: true, redeliver: true,
}

/**
 * The inventory of a process that answers and does not write: questions from the read model that the primary keeps,
 * commands and the log by way of the primary, changes as the primary tells of them.
 */
export function createWorkerInventory({ primary, readModel, queries, bus, checkpoint, status }: WorkerInventoryPorts): ServedInventory {
  let known = 0
  const head = (): number => Math.max(known, status().head, checkpoint())
  const reach = createReach({ checkpoint }, bus)
  async function seek(position: number): Promise<void> {
    if (head() < position) known = Math.max(known, await primary.head())
  }
  return {
    commands: commandsOf(primary),
    take: () => Promise.reject(new Unavailable('Commands of other nodes are not taken here.')),
    queries,
    events: primary.events,
    changes: createChanges({ store: { ...primary.events, head }, readModel, bus, tables: { checkpoint } }),
    deliveries: primary.deliveries,
    checkAvailability: (query) => checkAvailability(queries, query),
    status() {
      const { logId, breakers, reasons, subscribers, webhooks, head } = status()
      const projected = checkpoint()
      return { logId, head: Math.max(known, head, projected), projected, breakers, reasons, subscribers, webhooks }
    },
    seek,
    async reach(position) {
      await seek(position)
      await reach(position)
    },
  }
}

const commandsOf = (primary: Primary): Commands =>
  Object.fromEntries(Object.keys(COMMANDS).map((name) =>
    [name, (command: object, caller: Caller) => primary.command(name as keyof Commands, command, caller)])) as unknown as Commands
