import { cachedReadModel } from '../application/cached-read-model.ts'
import type { ServedInventory } from '../application/inventory.ts'
import { allOf } from '../application/observer.ts'
import type { EventBus, Logger } from '../application/ports.ts'
import type { Projected } from '../application/read-model.ts'
import { createWorkerInventory } from '../application/worker-inventory.ts'
import { CACHE_TTL_MS, PROBE_AFTER_MS, readModelFile } from '../compose.ts'
import { type Config, readConfig } from '../config.ts'
import { openCache } from '../infrastructure/cache/open-cache.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { sha256 } from '../infrastructure/digest.ts'
import { uuidV7 } from '../infrastructure/ids.ts'
import { createMemoryBus } from '../infrastructure/memory/event-bus.ts'
import { openSharedReadModel } from '../infrastructure/read-model/read-only.ts'
import { createBreaker } from '../infrastructure/resilience/breaker.ts'
import { createAccessLog } from '../infrastructure/telemetry/access-log.ts'
import { openLogger } from '../infrastructure/telemetry/logger.ts'
import { createPrometheus, type Prometheus } from '../infrastructure/telemetry/prometheus.ts'
import { meetParent, type Parent } from '../infrastructure/workers/parent.ts'
import { type PlainProjected, projectedOf } from '../infrastructure/workers/plain-projected.ts'
import { createSharedCallers, type Refused, type SharedCallers } from '../presentation/shared-callers.ts'
import { type HttpServer, startHttpServer } from '../presentation/http/server.ts'
import { version } from '../version.ts'
import { accessOf } from './access.ts'
import { tracingOf } from './server.ts'
import { readTrustedDocuments } from './trusted-documents.ts'
import { countsOver, primaryOver } from './worker-primary.ts'
import { createNews, type News } from './worker-news.ts'
import type { Told } from './worker-sessions.ts'

interface WorkPorts {
  readonly config: Config
  readonly logger: Logger
  /** Tells of what the process that writes has projected. */
  readonly bus: EventBus<Projected>
  readonly prometheus: Prometheus
  readonly news: News
  readonly parent: Parent
  readonly callers: SharedCallers
}

interface Work {
  readonly server: HttpServer
  readonly inventory: ServedInventory
  /** Answers what was taken, then resolves. */
  close(): Promise<void>
}

/** What a worker runs: it answers what the process that started it takes in, until that says so or ends. */
export async function work(): Promise<void> {
  const config = readConfig()
  // The process that started this one says when it is to end, also where a terminal tells both.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  const logger = openLogger({ level: config.logLevel, worker: Number(process.argv[2]) })
  const [bus, prometheus, news] = [createMemoryBus<Projected>(logger), createPrometheus(), createNews()]
  const now: { working?: Work } = {}
  const parent = meetParent({
    take(connection) { now.working?.server.take(connection) },
    handlers: {
      projected: (projected: PlainProjected) => { bus.publish(projectedOf(projected)) },
      status(told: Told) {
        news.take(told)
        parent.tell('subscribers', now.working?.inventory.changes.subscribers() ?? 0)
      },
      counted: () => prometheus.counted(),
      keepOut: (what: Refused, key: string, ms: number) => { callers.keepOut(what, key, ms) },
      async stop() {
        await now.working?.close()
        process.exit(0)
      },
    },
  })
  const callers = createSharedCallers(config.limits.caller, config.workers, countsOver(parent))
  news.take(await parent.ask('begin') as Told)
  now.working = await openWork({ config, logger, bus, prometheus, news, parent, callers })
  parent.ready()
}

/** The composition root of a worker: what answers on the read model of another process, behind HTTP. */
async function openWork({ config, logger, bus, prometheus, news, parent, callers }: WorkPorts): Promise<Work> {
  const trustedDocuments = config.trustedDocuments === undefined ? undefined : await readTrustedDocuments(config.trustedDocuments)
  const { authenticator, breaker: keysBreaker } = await accessOf(config, logger)
  const { tracing, observer: spans, close: closeTracing } = await tracingOf(config, logger)
  const observer = allOf(prometheus.observer, createAccessLog(logger), spans)
  const { logId } = news.status()
  const { readModel, checkpoint, close: closeReadModel } = openSharedReadModel(readModelFile(config.storeDirectory))
  const shared = await openCache({ url: config.cacheUrl, secret: config.cacheSecret ?? logId, logger })
  const breaker = createBreaker({ name: 'read model', probeAfterMs: PROBE_AFTER_MS, logger })
  const queries = cachedReadModel({
    readModel, bus, clock: systemClock, digest: sha256, cache: shared.cache, breaker, ttlMs: CACHE_TTL_MS, logId, observer,
    position: checkpoint(), projected: checkpoint, behindSince: () => news.behindSince(checkpoint),
  })
  const inventory = createWorkerInventory({ primary: primaryOver(parent), readModel, queries, bus, checkpoint, status: () => news.status() })
  const server = await startHttpServer({
    ...config, trustedDocuments, inventory, authenticator, logger, version, observer, tracing, callers, isListening: false,
    newCorrelationId: () => uuidV7.next(),
    exposition: { contentType: prometheus.exposition.contentType, text: () => parent.ask('metrics') as Promise<string> },
  })
  return {
    server,
    inventory,
    async close() {
      await server.close()
      for (const each of [breaker, keysBreaker]) each?.close()
      shared.close()
      closeReadModel()
      await closeTracing()
    },
  }
}
