import type { Inventory } from '../application/inventory.ts'
import { allOf, unobserved } from '../application/observer.ts'
import type { Logger } from '../application/ports.ts'
import { untraced } from '../application/tracing.ts'
import { compose } from '../compose.ts'
import { type Config, readConfig } from '../config.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { uuidV7 } from '../infrastructure/ids.ts'
import { createAccessLog } from '../infrastructure/telemetry/access-log.ts'
import { openLogger } from '../infrastructure/telemetry/logger.ts'
import { createPrometheus } from '../infrastructure/telemetry/prometheus.ts'
import type { OpenTracing } from '../infrastructure/telemetry/tracing.ts'
import { startHttpServer } from '../presentation/http/server.ts'
import { readTrustedDocuments } from './trusted-documents.ts'
import { version } from '../version.ts'
import { accessOf } from './access.ts'

export interface Server {
  readonly url: string
  readonly inventory: Inventory
  /** Who is let in, in words. */
  readonly access: string
  /** Takes no more, answers what was taken, then lets go of the store. */
  close(): Promise<void>
}

/** What npm start runs. */
export async function serve(): Promise<void> {
  const config = readConfig()
  const server = await (config.workers < 2 ? startServer(config) : startManyProcesses(config))
  process.stdout.write(welcome(server, config))
  onStop(() => server.close())
}

async function startManyProcesses(config: Config): Promise<Pick<Server, 'url' | 'access' | 'close'>> {
  const { startPrimary } = await import('./primary.ts')
  return startPrimary(config)
}

/** The composition root: the application on its adapters, behind HTTP. */
export async function startServer(config: Config): Promise<Server> {
  const { storeDirectory, eventStoreUrl, logLevel, host, webhookAllow } = config
  const trustedDocuments = config.trustedDocuments === undefined ? undefined : await readTrustedDocuments(config.trustedDocuments)
  const logger = openLogger({ level: logLevel })
  const { authenticator, notice: access, isOpenToOthers, breaker } = await accessOf(config, logger)
  if (isOpenToOthers) logger.warn({ host }, 'AUTH=none: everybody who reaches this address may do everything.')
  const { observer: counts, exposition, watch } = createPrometheus()
  const { tracing, observer: spans, close: closeTracing } = await tracingOf(config, logger)
  const observer = allOf(counts, createAccessLog(logger), spans)
  const composition = await compose({ directory: storeDirectory, eventStoreUrl, clock: systemClock, ids: uuidV7, logger, observer, tracing, nodes: config, webhooks: { allow: webhookAllow }, ...(breaker && { breakers: [breaker] }) })
    .catch((error: unknown) => {
      breaker?.close()
      throw error
    })
  const { inventory } = composition
  watch({ status: () => inventory.status(), openReservations: () => openReservations(inventory) })
  try {
    const server = await startHttpServer({
      ...config, trustedDocuments, inventory, authenticator, logger, version, newCorrelationId: () => uuidV7.next(), observer, exposition, tracing, nodeToken: composition.nodeToken,
    })
    const close = async (): Promise<void> => {
      logger.info({}, 'The server is going away: it takes nothing more, and answers what it has taken.')
      await server.close()
      await composition.close()
      await closeTracing()
      logger.info({}, 'The server is closed.')
    }
    return { url: server.url, inventory, access, close }
  } catch (error) {
    await composition.close()
    await closeTracing()
    throw error
  }
}

/** Loaded only where traces are taken, as the start need not wait for it. */
export async function tracingOf({ otlpEndpoint: endpoint, traceRatio: ratio }: Config, logger: Logger): Promise<OpenTracing> {
  if (endpoint === undefined) return { tracing: untraced, observer: unobserved, close: () => Promise.resolve() }
  const { openTracing } = await import('../infrastructure/telemetry/tracing.ts')
  return openTracing({ endpoint, ratio, version, logger })
}

export async function openReservations({ queries }: Inventory): Promise<number> {
  const { totalCount } = await queries.reservationPage({ statuses: ['OPEN'], first: 1 })
  return totalCount
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
/** Whatever holds up the end then has had its time. */
const STOP_MS_MAX = 9_500

/** The first signal stops it well; the next one is the system's to carry out, and ends the process at once. */
export function onStop(stop: () => Promise<void>): void {
  const stopOnce = (): void => {
    for (const signal of SIGNALS) process.off(signal, stopOnce)
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref()
    void stop()
  }
  for (const signal of SIGNALS) process.on(signal, stopOnce)
}

export const welcome = ({ url, access }: Pick<Server, 'url' | 'access'>, { explorer }: Pick<Config, 'explorer'>): string => `Stockstream is ready.
  GraphQL    ${url}/graphql${explorer ? `
  Explorer   ${url}/graphiql` : ''}
  Dashboard  ${url}/
  Health     ${url}/healthz and ${url}/readyz
  Metrics    ${url}/metrics
  Access     ${access}
`
