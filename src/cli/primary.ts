import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Status } from '../application/inventory.ts'
import { allOf } from '../application/observer.ts'
import { compose, type Composition } from '../compose.ts'
import type { Config } from '../config.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { uuidV7 } from '../infrastructure/ids.ts'
import { openLogger } from '../infrastructure/telemetry/logger.ts'
import { createPrometheus } from '../infrastructure/telemetry/prometheus.ts'
import { type Counted, createSummed } from '../infrastructure/telemetry/summed.ts'
import { plainProjected } from '../infrastructure/workers/plain-projected.ts'
import { startWorkers, type WorkerPool } from '../infrastructure/workers/pool.ts'
import type { WorkerProcess } from '../infrastructure/workers/worker-process.ts'
import { packageFile } from '../package-file.ts'
import { callerId } from '../presentation/callers.ts'
import { listen, refuseConnection, urlOf } from '../presentation/http/connections.ts'
import { createCallerCounts } from '../presentation/shared-callers.ts'
import { accessOf } from './access.ts'
import { openReservations, type Server, tracingOf } from './server.ts'
import { readTrustedDocuments } from './trusted-documents.ts'
import { createSessions, type Told } from './worker-sessions.ts'

/** As often at least workers are told how the server is, so that they know that this process is there. */
const TELL_EVERY_MS = 250
/** Longer than a worker takes to answer what it has taken. */
const WORKERS_MS_MAX = 7_000
/** A worker that is too busy to say what it has counted is counted as it was. */
const COUNTING_MS_MAX = 1_000

const PROGRAM = import.meta.filename.endsWith('.ts') ? packageFile('src/worker.ts') : packageFile('dist/worker.js')

/** The process that writes, takes connections, and has its workers answer. */
export async function startPrimary(config: Config): Promise<Pick<Server, 'url' | 'access' | 'close'>> {
  const logger = openLogger({ level: config.logLevel })
  // What workers will need is looked at here first, so that what is wrong is told once.
  if (config.trustedDocuments !== undefined) await readTrustedDocuments(config.trustedDocuments)
  const { notice: access, isOpenToOthers, breaker } = await accessOf(config, logger)
  breaker?.close()
  if (isOpenToOthers) logger.warn({ host: config.host }, 'AUTH=none: everybody who reaches this address may do everything.')
  const { observer: counts, counted, watch } = createPrometheus()
  const { tracing, observer: spans, close: closeTracing } = await tracingOf(config, logger)
  const composition = await compose({
    directory: config.storeDirectory, eventStoreUrl: config.eventStoreUrl, clock: systemClock, ids: uuidV7, logger, tracing, nodes: config,
    observer: allOf(counts, spans), webhooks: { allow: config.webhookAllow }, isUncached: true,
  })
  try {
    const { inventory } = composition
    const lastCounted = new Map<WorkerProcess, Counted>()
    const summed = createSummed(async () => [await counted(), ...await Promise.all(pool.workers().map((worker) => countedBy(worker, lastCounted)))])
    const callers = createCallerCounts(config.limits.caller)
    const sessions = createSessions({ composition, callers, exposition: summed, tell: (name, ...values) => { pool.tell(name, ...values) } })
    const statusNow = (): Status => ({ ...inventory.status(), subscribers: sessions.subscribers() })
    const pool = await startWorkers({
      count: config.workers, program: PROGRAM, logger, session: sessions.open,
      onEnd(worker) {
        void summed.keep(lastCounted.get(worker) ?? [])
        lastCounted.delete(worker)
      },
    })
    watch({ status: statusNow, openReservations: () => openReservations(inventory) })
    const stopTelling = tellWorkers(pool, composition, statusNow)
    const server = createServer({ pauseOnConnect: true }, (connection) => {
      connection.on('error', () => { connection.destroy() })
      const release = callers.connect(callerId(undefined, connection.remoteAddress))
      if (release) pool.give({ connection, release })
      else refuseConnection(connection)
    })
    await listen(server, config).catch(async (error: unknown) => { await pool.close(0); throw error })
    return {
      url: urlOf(server.address()),
      access,
      async close() {
        logger.info({}, 'The server is going away: it takes nothing more, and answers what it has taken.')
        server.close()
        await pool.close(WORKERS_MS_MAX)
        stopTelling()
        await composition.close()
        await closeTracing()
        logger.info({}, 'The server is closed.')
      },
    }
  } catch (error) {
    await composition.close()
    await closeTracing()
    throw error
  }
}

/** Of what has been projected, before the command that did it is answered; and of how the server is. */
function tellWorkers(pool: WorkerPool, { bus, store, behindSince }: Composition, status: () => Status): () => void {
  const tellStatus = (): void => { pool.tell('status', { status: status(), behindSince: behindSince() } satisfies Told) }
  const stops = [
    bus.subscribe((projected) => { pool.tell('projected', plainProjected(projected)) }),
    // Where it could not be projected, no answer of a worker is of now.
    store.onCommit(() => { if (behindSince() !== undefined) tellStatus() }),
  ]
  const timer = setInterval(tellStatus, TELL_EVERY_MS)
  return () => {
    clearInterval(timer)
    for (const stop of stops) stop()
  }
}

async function countedBy(worker: WorkerProcess, last: Map<WorkerProcess, Counted>): Promise<Counted> {
  const timeout = wait(COUNTING_MS_MAX, undefined, { ref: false })
  const counted = await Promise.race([worker.calls.ask('counted').catch(() => undefined), timeout]) as Counted | undefined
  if (counted) last.set(worker, counted)
  return counted ?? last.get(worker) ?? []
}
