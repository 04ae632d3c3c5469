import { type AvailabilityQuery, checkAvailability } from './availability.ts'
import { type Changes, createChanges } from './changes.ts'
import { catalogueCommands } from './commands/catalogue.ts'
import { movementCommands } from './commands/movements.ts'
import { reservationCommands } from './commands/reservations.ts'
import { stockCommands } from './commands/stock.ts'
import { transferCommands } from './commands/transfers.ts'
import type { Commands } from './commands/types.ts'
import { type WebhookContext, webhookCommands } from './commands/webhooks.ts'
import { createExecute } from './execute.ts'
import { createExpireDue, type ExpireDue } from './expiry.ts'
import type { Breaker, BreakerState, Clock, Digest, EventBus, EventStore, Ids } from './ports.ts'
import { forwardingCommands, type Given, type Outcome, type Peers, takeGiven } from './forwarding.ts'
import { freshRefusals } from './fresh-refusals.ts'
import type { Owners } from './ownership.ts'
import { createReach } from './reach.ts'
import type { KnownRows, Projected, ReadModel } from './read-model.ts'
import type { At, DeliveryView } from './views.ts'
import type { SourcedLine } from '../domain/sourcing.ts'
import type { WebhooksStatus } from './webhooks/dispatcher.ts'
import type { Observer } from './observer.ts'
import type { DeliveryJournal, DeliveryPage, DeliveryQuery } from './webhooks/ports.ts'

/** All that presentation sees of the application. */
export interface Inventory {
  readonly commands: Commands
  /** Does what another node has given, and has let in. Rejects where something went wrong here. */
  take(given: Given): Promise<Outcome>
  readonly queries: Queries
  readonly events: Pick<EventStore, 'find' | 'event'>
  readonly changes: Changes
  readonly deliveries: Pick<DeliveryJournal, 'page' | 'delivery'>
  /** What could be promised, and from where. Rejects with DomainError or DomainErrors where the lines can't be read. */
  checkAvailability(query: AvailabilityQuery): Promise<At<readonly SourcedLine[]>>
  /** Records the end of every reservation whose time is over: for a timer. */
  readonly expireDue: ExpireDue
  status(): Status
  /** Has the log known here up to the position, if it goes that far: another node may have written it. Unavailable where nobody can be asked. */
  seek(position: number): Promise<void>
  /** Resolves once the read model shows the position; Unavailable where it does not in time. */
  reach(position: number): Promise<void>
}

/** What is shown of the journal; not at once where another process has it. */
export interface Deliveries {
  page(query: DeliveryQuery): DeliveryPage | Promise<DeliveryPage>
  delivery(webhookId: string, eventId: string): DeliveryView | undefined | Promise<DeliveryView | undefined>
}

/** What is served: the ends of reservations are recorded by whoever has the store. */
export type ServedInventory = Omit<Inventory, 'expireDue' | 'deliveries'> & { readonly deliveries: Deliveries }

/** What may be asked from outside: the rest of the read model is for commands. */
export type Queries = Omit<ReadModel, 'stockLevelsAfter' | 'locationContents' | 'dueReservations' | 'promisable'>

/** The log's id, where it ends, and where the read model has got to. */
export interface Status {
  readonly logId: string
  readonly head: number
  readonly projected: number
  /** One for each port that can be away. */
  readonly breakers: readonly BreakerStatus[]
  /** Why it should not be asked for now, as sentences; none where all is well. */
  readonly reasons: readonly string[]
  /** How many follow the changes. */
  readonly subscribers: number
  readonly webhooks: WebhooksStatus
}

export interface BreakerStatus {
  /** What it guards. */
  readonly name: string
  readonly state: BreakerState
  /** Calls that failed, one after the other. */
  readonly failures: number
}

export interface InventoryPorts {
  readonly store: EventStore
  /** What commands look at. */
  readonly readModel: ReadModel
  /** What queries are answered from: the read model itself or a cache over it. */
  readonly queries: ReadModel
  readonly breakers: readonly Breaker[]
  /** Around what can be done without: the node is as ready while it is away. */
  readonly spareBreakers?: readonly Breaker[]
  /** Why the store takes nothing for now; undefined where all is well. */
  storeFailure(): string | undefined
  /** Why the read model is behind the store, where it is. */
  projectionFailure(): string | undefined
  readonly tables: KnownRows
  /** Whether the read model is further behind the log than it always is for a moment; by its position where it is left out. */
  isBehind?(): boolean
  readonly bus: EventBus<Projected>
  readonly clock: Clock
  readonly ids: Ids
  readonly digest: Digest
  readonly observer?: Pick<Observer, 'step'> | undefined
  /** Where nodes share the log: who owns what they collide on, and how it is given to them. */
  readonly nodes?: { readonly owners: Owners; readonly peers: Peers } | undefined
  readonly webhookPorts: WebhookContext['webhookPorts'] & { readonly journal: Inventory['deliveries'] }
  webhooksStatus(): WebhooksStatus
}

export function createInventory(ports: InventoryPorts): Inventory {
  const { store, queries, tables, bus, nodes } = ports
  const changes = createChanges(ports)
  const seek = async (position: number): Promise<void> => { if (store.head() < position) await store.refresh?.() }
  const reach = createReach(tables, bus)
  const execute = createExecute({ ...ports, reach, ...(nodes && { owners: nodes.owners }) })
  const { refresh } = store
  const seeAll = refresh && (async () => {
    await refresh()
    await reach(store.head())
  })
  const context: WebhookContext = { ...ports, execute: (execution) => execute({ ...execution, isHere: true }) }
  const here = commandsOn(context, seeAll)
  const reachHere = async (position: number): Promise<void> => {
    await seek(position)
    await reach(position)
  }
  return {
    commands: nodes ? forwardingCommands({ ...nodes, observer: ports.observer, routed: commandsOn({ ...ports, execute }, seeAll), here, reach: reachHere }) : here,
    take: takeGiven(here),
    queries,
    events: { find: (filter, range) => store.find(filter, range), event: (id) => store.event(id) },
    changes,
    deliveries: ports.webhookPorts.journal,
    checkAvailability: (query) => checkAvailability(queries, query),
    expireDue: createExpireDue(context),
    status: () => statusOf(ports, changes.subscribers()),
    seek,
    reach: reachHere,
  }
}

/** `seeAll`: takes in what others have written. */
function commandsOn(context: WebhookContext, seeAll: (() => Promise<void>) | undefined): Commands {
  const commands = {
    ...catalogueCommands(context), ...stockCommands(context), ...movementCommands(context),
    ...reservationCommands(context), ...transferCommands(context), ...webhookCommands(context),
  }
  return seeAll ? freshRefusals(commands, seeAll) : commands
}

function statusOf(ports: InventoryPorts, subscribers: number): Status {
  const { store, tables, breakers, spareBreakers = [] } = ports
  const [head, projected] = [store.head(), tables.checkpoint()]
  return { logId: store.id, head, projected, breakers: [...breakers, ...spareBreakers].map(breakerStatus), reasons: reasons(ports, ports.isBehind?.() === false ? 0 : head - projected), subscribers, webhooks: ports.webhooksStatus() }
}

/** A breaker that is half open waits for a call, so nobody must be sent elsewhere because of it. */
function reasons({ storeFailure, projectionFailure, breakers }: InventoryPorts, behind: number): readonly string[] {
  const failure = storeFailure()
  return [
    ...(failure === undefined ? [] : [`The event log takes no writes: ${failure}.`]),
    ...breakers.filter((breaker) => breaker.state() === 'OPEN').map(({ name }) => `The ${name} is away.`),
    ...(behind === 0 ? [] : [`The read model is ${behind} events behind the log${because(projectionFailure())}.`]),
  ]
}

const because = (cause: string | undefined): string => (cause === undefined ? '' : `: ${cause}`)

const breakerStatus = (breaker: Breaker): BreakerStatus => ({ name: breaker.name, state: breaker.state(), failures: breaker.failures() })
