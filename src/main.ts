import { pino } from 'pino'
import { compose } from './compose.ts'
import { ConfigError, readConfig } from './config.ts'
import { systemClock } from './infrastructure/clock.ts'
import { uuidV7 } from './infrastructure/ids.ts'
import { startHttpServer } from './presentation/http/server.ts'

async function main(): Promise<void> {
  const config = readConfig()
  const logger = pino({ level: config.logLevel })
  const composition = await compose({ directory: config.storeDirectory, clock: systemClock, ids: uuidV7, logger })
  const { inventory } = composition
  const { host, port } = config
  const server = await startHttpServer({ inventory, logger, host, port, newCorrelationId: () => uuidV7.next() })
  process.stdout.write(`Stockstream is ready.\n  GraphQL  ${server.url}/graphql\n  Health   ${server.url}/healthz and ${server.url}/readyz\n`)

  const stop = async (): Promise<void> => {
    await server.close()
    await composition.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof ConfigError ? 2 : 1
}
