import { ConfigError } from './error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What several nodes share. */
export interface NodesConfig {
  /** Where answers of queries are kept: `memory:`, or a Redis as `redis://[user:password@]host[:port][/database]`. */
  readonly cacheUrl: string
  /** Where the read model is: `file:` is this node's own in its folder; `mysql://…` a database that nodes share. */
  readonly readModelUrl: string
  /** What is kept with others is signed with; undefined for what all nodes of a log know anyway. */
  readonly cacheSecret: string | undefined
  /** What carries changes between nodes and to others; undefined where nothing does. */
  readonly eventBus: KafkaAddress | undefined
  /** What this node is for. */
  readonly role: Role
  /** Where commands are taken, for who brings them to a node that takes none. */
  readonly writeUrl: string | undefined
  /** Where other nodes of the log reach this one; undefined where they can't. */
  readonly nodeUrl: string | undefined
  /** Whether webhooks are delivered from here. */
  readonly deliversWebhooks: boolean
}

const ROLES = ['all', 'write', 'read'] as const
export type Role = (typeof ROLES)[number]

/** Brokers to begin with, as host:port, and the topic of events. */
export interface KafkaAddress {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly isEncrypted: boolean
  /** By SASL with SCRAM-SHA-512. */
  readonly user: { readonly username: string; readonly password: string } | undefined
}

const SECRET_BYTES_MIN = 16

export const readNodes = (environment: Environment): NodesConfig => ({
  cacheUrl: cacheUrl(environment.CACHE_URL ?? 'memory:'),
  cacheSecret: cacheSecret(environment.CACHE_SECRET),
  readModelUrl: readModelUrl(environment.READ_MODEL_URL ?? 'file:'),
  eventBus: eventBus(environment.EVENT_BUS_URL ?? 'memory:'),
  role: role(environment.ROLE ?? 'all', environment.EVENT_STORE_URL ?? 'file:'),
  writeUrl: writeUrl(environment.WRITE_URL),
  nodeUrl: nodeUrl(environment.NODE_URL),
  deliversWebhooks: isOn('WEBHOOKS', environment.WEBHOOKS ?? 'on'),
})

/** The address is not repeated: it may hold a password. */
function cacheUrl(text: string): string {
  if (text === 'memory:') return text
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(\/\d*)?$/.test(url.pathname)) return text
  throw new ConfigError(`CACHE_URL can not be used as it stands: write CACHE_URL=memory:, or the address of a Redis, for example CACHE_URL=redis://127.0.0.1:6379.`)
}

/** Not repeated: it may hold a password. */
function readModelUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (text === 'file:' || (url?.protocol === 'mysql:' && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname))) return text
  throw new ConfigError('READ_MODEL_URL can not be used: write READ_MODEL_URL=file: for the folder STORE_DIR, or a database that nodes share as READ_MODEL_URL=mysql://user:password@host:3306/stockstream.')
}

function cacheSecret(text: string | undefined): string | undefined {
  if (text === undefined || Buffer.byteLength(text) >= SECRET_BYTES_MIN) return text
  throw new ConfigError(`CACHE_SECRET is too short: write ${SECRET_BYTES_MIN} bytes or more, the same for all nodes, for example from openssl rand -base64 32.`)
}

const KAFKA = /^kafka(s?):\/\/(?:([^:@/]+):([^@/]+)@)?([^@/]+)\/([\w.-]{1,200})$/
const BROKER = /^[\w.-]+:\d{1,5}$/

/** The address is not repeated: it may hold a password. */
function eventBus(text: string): KafkaAddress | undefined {
  if (text === 'memory:') return undefined
  const [, encrypted, username, password, hosts = '', topic = ''] = KAFKA.exec(text) ?? []
  const brokers = hosts.split(',')
  if (brokers.every((broker) => BROKER.test(broker))) {
    const user = username === undefined || password === undefined ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) }
    return { brokers, topic, isEncrypted: encrypted === 's', user }
  }
  throw new ConfigError('EVENT_BUS_URL can not be used as it stands: write EVENT_BUS_URL=memory:, or brokers and a topic of Kafka, for example EVENT_BUS_URL=kafka://127.0.0.1:9092,127.0.0.1:9093/stockstream.')
}

function role(text: string, eventStoreUrl: string): Role {
  const found = ROLES.find((known) => known === text)
  if (found === undefined) throw new ConfigError(`ROLE=${text} is not known: write one of ${ROLES.join(', ')}.`)
  if (found !== 'read' || eventStoreUrl !== 'file:') return found
  throw new ConfigError('ROLE=read needs a log that others write to: write EVENT_STORE_URL=mysql://user:password@host:3306/stockstream, or leave ROLE out.')
}

function writeUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  throw new ConfigError(`WRITE_URL=${text} is no address of http or https: write where commands are taken, for example WRITE_URL=https://stock.example/graphql.`)
}

function nodeUrl(text: string | undefined): string | undefined {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (text === undefined || (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.username === '')) return text
  throw new ConfigError('NODE_URL is no address of http or https without a path: write where other nodes reach this one, for example NODE_URL=http://10.0.0.1:4000.')
}

function isOn(name: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw new ConfigError(`${name}=${text} is not known: write ${name}=on or ${name}=off.`)
}
