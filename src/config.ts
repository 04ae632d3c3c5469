import { isIP } from 'node:net'
import { type AuthConfig, authConfig } from './config/auth.ts'
import { type EdgeConfig, readEdge } from './config/edge.ts'
import { ConfigError } from './config/error.ts'
import { type NodesConfig, readNodes } from './config/nodes.ts'
import { readWorkers, type WorkersConfig } from './config/workers.ts'

export { ConfigError } from './config/error.ts'

/** The only reader of the environment. */
export interface Config extends EdgeConfig, NodesConfig, WorkersConfig {
  /** 1 to 65535; 0 takes any free one. */
  readonly port: number
  readonly host: string
  readonly storeDirectory: string
  readonly logLevel: LogLevel
  /** `file:` is storeDirectory; `mysql://…` a database that several nodes may share. */
  readonly eventStoreUrl: string
  /** Hosts, addresses and networks that webhooks may post to though they are not public. */
  readonly webhookAllow: readonly string[]
  /** Where traces are sent, as OTLP over HTTP; undefined for nowhere. */
  readonly otlpEndpoint: string | undefined
  /** Of the traces that begin here: from 0 to 1. */
  readonly traceRatio: number
  /** What the command line shows to a server that asks for a token. */
  readonly token: string | undefined
  /** Who is let in. */
  readonly auth: AuthConfig
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  return Object.freeze({
    port: port(environment.PORT ?? '4000'),
    host: environment.HOST ?? '127.0.0.1',
    storeDirectory: environment.STORE_DIR ?? './store',
    logLevel: logLevel(environment.LOG_LEVEL ?? 'info'),
    eventStoreUrl: eventStoreUrl(environment.EVENT_STORE_URL ?? 'file:'),
    otlpEndpoint: otlpEndpoint(environment.OTEL_EXPORTER_OTLP_ENDPOINT),
    traceRatio: traceRatio(environment.OTEL_TRACES_SAMPLER_ARG ?? '1'),
    webhookAllow: webhookAllow(environment.WEBHOOK_ALLOW ?? ''),
    ...readEdge(environment),
    ...readNodes(environment),
    ...readWorkers(environment),
    token: environment.STOCKSTREAM_TOKEN,
    auth: authConfig(environment),
  })
}

function port(text: string): number {
  const value = Number(text)
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value
  throw new ConfigError(`PORT=${text} is no port: write a whole number from 0 to 65535, for example PORT=4000.`)
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level) return level
  throw new ConfigError(`LOG_LEVEL=${text} is no log level: write one of ${LOG_LEVELS.join(', ')}.`)
}

/** The address is not repeated: it may hold a password. */
function otlpEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return text
  throw new ConfigError('OTEL_EXPORTER_OTLP_ENDPOINT is no address of http or https: write one, for example OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318, or leave it out.')
}

function traceRatio(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new ConfigError(`OTEL_TRACES_SAMPLER_ARG=${text} is no share: write a number from 0 to 1, for example OTEL_TRACES_SAMPLER_ARG=0.1.`)
}

/** Names of hosts, addresses, and networks as address/prefix, with commas between them. */
function webhookAllow(text: string): readonly string[] {
  const entries = text.split(',').map((entry) => entry.trim()).filter((entry) => entry !== '')
  const wrong = entries.find((entry) => !isHost(entry) && !isNetwork(entry))
  if (wrong === undefined) return entries
  throw new ConfigError(`WEBHOOK_ALLOW holds ${wrong}: write hosts, addresses and networks with commas between them, for example WEBHOOK_ALLOW=hooks.intranet,10.1.0.0/16.`)
}

const isHost = (entry: string): boolean => isIP(entry) !== 0 || (/^(?!-)[a-z\d.-]*[a-z][a-z\d.-]*$/i.test(entry) && entry.length <= 253)

function isNetwork(entry: string): boolean {
  const [network = '', prefix = '', ...rest] = entry.split('/')
  const bits = isIP(network) === 6 ? 128 : 32
  return isIP(network) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && rest.length === 0
}

/** Not repeated: it may hold a password. */
function eventStoreUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (text === 'file:' || (url?.protocol === 'mysql:' && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname))) return text
  throw new ConfigError('EVENT_STORE_URL can not be used: write EVENT_STORE_URL=file: for the folder STORE_DIR, or a database as EVENT_STORE_URL=mysql://user:password@host:3306/stockstream.')
}
