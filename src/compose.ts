import { join } from 'node:path'
import { cachedReadModel } from './application/cached-read-model.ts'
import { createClockSteps } from './application/clock-steps.ts'
import { startExpiry } from './application/expiry.ts'
import { createInventory, type Inventory } from './application/inventory.ts'
import { observedCommands } from './application/observed-commands.ts'
import { type Observer, unobserved } from './application/observer.ts'
import type { EventBus, EventStore, Ids } from './application/ports.ts'
import type { KnownRows, Projected, ReadModel, SharedTables } from './application/read-model.ts'
import { keepProjected, type Projecting } from './application/keep-projected.ts'
import { createProjector } from './application/projector.ts'
import { refusedCommands } from './application/refused-commands.ts'
import { createReach } from './application/reach.ts'
import { shareProjected } from './application/share-projected.ts'
import { shownAnswers, shownAppends } from './application/shown.ts'
import type { RelayLedger } from './application/relay.ts'
import type { Tracing } from './application/tracing.ts'
import { createDisable } from './application/webhooks/disable.ts'
import { createDispatcher } from './application/webhooks/dispatcher.ts'
import type { RetryPolicy } from './application/webhooks/retries.ts'
import { openCache } from './infrastructure/cache/open-cache.ts'
import { sha256 } from './infrastructure/digest.ts'
import { type EventLogOptions, openEventLog } from './infrastructure/event-log/log.ts'
import type { JoinedKafka } from './infrastructure/kafka/join-kafka.ts'
import { createMemoryBus } from './infrastructure/memory/event-bus.ts'
import { openMysqlEventStore } from './infrastructure/mysql/event-store.ts'
import { openReadModel } from './infrastructure/read-model/read-model.ts'
import { createBreaker, type OwnedBreaker } from './infrastructure/resilience/breaker.ts'
import { guardedEventStore } from './infrastructure/resilience/guarded-event-store.ts'
import { openWebhooks } from './infrastructure/webhooks/webhooks.ts'
import type { JoinedPeers } from './infrastructure/peers/join-peers.ts'
import type { NodesConfig } from './config/nodes.ts'
import { version } from './version.ts'

/** What is embedded heals by itself, and soon: the log with the next append after a failed one. */
export const PROBE_AFTER_MS = 200

export interface Composition {
  readonly inventory: Inventory
  readonly store: EventStore
  /** By which other nodes give commands to this one; undefined where none do. */
  readonly nodeToken: string | undefined
  /** Tells of all that was projected, once it stands in the read model. */
  readonly bus: Pick<EventBus<Projected>, 'subscribe'>
  /** Since when the read model is behind the log, where it is. Milliseconds since 1970. */
  behindSince(): number | undefined
  close(): Promise<void>
}

/** The file of the read model of a store. */
export const readModelFile = (directory: string): string => join(directory, 'read-model.sqlite')
/** How long an answer is kept without asking again. */
export const CACHE_TTL_MS = 30_000

export interface ComposeOptions extends EventLogOptions {
  readonly ids: Ids
  /** Where events are kept: `file:`, or left out, is the directory; `mysql://…` a database that others may write to as well. */
  readonly eventStoreUrl?: string
  readonly observer?: Observer
  /** Keeps no answers, where hardly anything is asked: following every change would be for nothing. */
  readonly isUncached?: boolean
  /** Milliseconds that went by since any moment, whatever is done to the clock meanwhile; the process's own where it is left out. */
  elapsed?(): number
  /** What takes longer to answer is taken for away. */
  readonly callMsMax?: number
  readonly tracing?: Tracing
  /** Around what others ask: shown with those in here, and closed with them. */
  readonly breakers?: readonly OwnedBreaker[]
  /** What nodes share; left out, it is all this process's own. */
  readonly nodes?: Partial<NodesConfig>
  /** Left out, nothing is delivered from here. */
  readonly webhooks?: WebhookOptions
}

export interface WebhookOptions {
  /** Hosts, addresses and networks that may be posted to though they are not public. */
  readonly allow: readonly string[]
  readonly retries?: RetryPolicy
  /** For an answer to come. */
  readonly timeoutMs?: number
}

async function openEventStore(ports: ComposeOptions): Promise<EventStore & { failure(): string | undefined }> {
  const { eventStoreUrl: url = 'file:' } = ports
  if (url === 'file:') return openEventLog(ports)
  return openMysqlEventStore({ ...ports, url })
}

/** Where there is a bus. Its client is loaded only then. */
async function joinOthers({ nodes, directory, eventStoreUrl: url = 'file:', logger }: ComposeOptions, store: EventStore): Promise<JoinedKafka> {
  if (!nodes?.eventBus) return { store, breakers: [], close: () => Promise.resolve() }
  const { joinKafka } = await import('./infrastructure/kafka/join-kafka.ts')
  return joinKafka({ address: nodes.eventBus, store, logger, ...(nodes.role !== 'read' && { ledger: await openLedger(url, directory, store.id) }) })
}

/** Where several nodes may take commands. What it takes is loaded only then. */
async function joinPeers({ nodes, eventStoreUrl: url = 'file:' }: ComposeOptions): Promise<JoinedPeers | undefined> {
  if (url === 'file:' || nodes?.role === 'read') return undefined
  return (await import('./infrastructure/peers/join-peers.ts')).joinPeers(url, nodes?.nodeUrl)
}

/** Beside the log. */
async function openLedger(url: string, directory: string, logId: string): Promise<RelayLedger> {
  if (url === 'file:') return (await import('./infrastructure/kafka/file-ledger.ts')).openFileLedger(directory, logId)
  return (await import('./infrastructure/mysql/relay-ledger.ts')).openMysqlLedger(url)
}

interface ReadSide {
  readonly readModel: ReadModel
  readonly tables: KnownRows
  readonly projecting: Projecting
  /** Where others project it as well: waits until the position is shown here. */
  readonly shown?: (position: number) => Promise<void>
  close(): Promise<void> | void
}

/** Caught up with the log. */
async function openReadSide(ports: ComposeOptions, store: EventStore, bus: EventBus<Projected>): Promise<ReadSide> {
  const { directory, logger, clock, observer = unobserved, nodes: { readModelUrl: url = 'file:' } = {} } = ports
  if (url === 'file:') {
    const { readModel, tables, close } = openReadModel({ file: readModelFile(directory), logId: store.id, logger })
    const projector = createProjector({ tables, bus, logger, observer })
    await projector.catchUp(store)
    const kept = keepProjected({ store, projector, logger })
    const behindSince = (): number | undefined => (tables.checkpoint() < store.head() ? kept.behindSince() ?? clock.now() : undefined)
    return { readModel, tables, projecting: { ...kept, behindSince }, close }
  }
  const { openMysqlReadModel } = await import('./infrastructure/mysql-read-model/open.ts')
  const { readModel, tables, row, close } = await openMysqlReadModel({ url, logId: store.id })
  const position = await sharedPosition(tables, store).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const projecting = shareProjected({ store, tables, readModel, bus, clock, logger, observer, position })
  await projecting.reached(store.head())
  const known = { checkpoint: () => projecting.checkpoint(), row }
  const reach = createReach(known, bus)
  // While it can't be brought up to date, waiting helps nobody.
  const shown = async (position: number): Promise<void> => { if (projecting.failure() === undefined) await reach(position) }
  return { readModel: shownAnswers(readModel, shown), tables: known, projecting, shown, close }
}

async function sharedPosition(tables: SharedTables, store: EventStore): Promise<number> {
  const position = await tables.position()
  if (position > store.head()) await store.refresh?.()
  if (position <= store.head()) return position
  throw new Error(`The read model of READ_MODEL_URL shows event ${position}, and the log ends at ${store.head()}: it was put back to an earlier state. Run \`stockstream rebuild\`.`)
}

/** The application on its adapters, all but the events in one directory, the read model caught up with the log. */
export async function compose(ports: ComposeOptions): Promise<Composition> {
  const { directory, clock, ids, logger, callMsMax, observer = unobserved } = ports
  const store = await openEventStore(ports)
  const bus = createMemoryBus<Projected>(logger)
  const { readModel, tables, projecting, shown, close } = await openReadSide(ports, store, bus).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const breakerOf = (name: string) => createBreaker({ name, probeAfterMs: PROBE_AFTER_MS, logger, ...(callMsMax !== undefined && { callMsMax }) })
  const [readBreaker, appendBreaker, readModelBreaker] = [breakerOf('event store'), breakerOf('event store for writing'), breakerOf('read model')]
  const breakers = [readBreaker, appendBreaker, readModelBreaker, ...ports.breakers ?? []]
  const { cacheUrl = 'memory:', cacheSecret = store.id, role = 'all', writeUrl, deliversWebhooks = true } = ports.nodes ?? {}
  const shared = await openCache({ url: cacheUrl, secret: cacheSecret, logger })
  const joined = await joinOthers(ports, store)
  const peers = await joinPeers(ports)
  const queries = ports.isUncached === true || role === 'write' ? readModel : cachedReadModel({
    readModel, bus, clock, digest: sha256, cache: shared.cache, breaker: readModelBreaker,
    ttlMs: CACHE_TTL_MS, logId: store.id, position: tables.checkpoint(), observer,
    behindSince: () => projecting.behindSince(),
  })
  const webhookPorts = openWebhooks({ directory, logId: store.id, userAgent: `Stockstream/${version}`, ...ports.webhooks })
  const guarded = guardedEventStore(joined.store, readBreaker, appendBreaker)
  const inventory = createInventory({
    store: shown ? { ...guarded, append: shownAppends(guarded, shown) } : guarded, readModel, queries, tables, bus, clock, ids, digest: sha256, breakers, spareBreakers: [...shared.breakers, ...joined.breakers], observer,
    storeFailure: () => store.failure(), projectionFailure: () => projecting.failure(), isBehind: () => projecting.behindSince() !== undefined,
    nodes: peers, webhookPorts, webhooksStatus: () => dispatcher.status(),
  })
  const dispatcher = createDispatcher({
    ...webhookPorts, store, readModel, bus, clock, logger, tracing: ports.tracing, observer, random: Math.random, retries: ports.webhooks?.retries,
    disable: createDisable(inventory.commands, ids),
  })
  const isWriting = role !== 'read'
  const stopDelivering = ports.webhooks && isWriting && deliversWebhooks ? await dispatcher.start() : undefined
  const stopExpiry = isWriting ? startExpiry(inventory.expireDue, logger, createClockSteps({ clock, elapsed: ports.elapsed ?? (() => performance.now()), logger })) : undefined
  return {
    inventory: { ...inventory, commands: observedCommands(isWriting ? inventory.commands : refusedCommands(inventory.commands, writeUrl), observer) },
    store,
    bus,
    nodeToken: peers?.token,
    behindSince: () => projecting.behindSince(),
    async close() {
      await stopDelivering?.()
      await stopExpiry?.()
      await peers?.close()
      await joined.close()
      await projecting.stop()
      for (const breaker of breakers) breaker.close()
      shared.close()
      await store.close()
      webhookPorts.close()
      await close()
    },
  }
}
