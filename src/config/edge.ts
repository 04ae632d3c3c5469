import { DEFAULT_LIMITS, type Limits } from '../presentation/limits.ts'
import { ConfigError } from './error.ts'

/** What the outside may ask for, and what it may see. */
export interface EdgeConfig {
  readonly limits: Limits
  /** Whether clients may ask for the schema, and are told what they may have meant. */
  readonly introspection: boolean
  readonly explorer: boolean
  /** Origins of other sites whose pages may use the API; `*` is all of them. */
  readonly corsOrigins: readonly string[]
  /** Of the documents that are allowed, where no others are: a JSON file or a folder. */
  readonly trustedDocuments: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>
type Setting<Group extends keyof Limits> = { readonly [Name in keyof Limits[Group]]: readonly [variable: string, max: number] }

const DAY_MS = 86_400_000
const ANY = 1_000_000_000

const QUERY: Setting<'query'> = {
  charactersMax: ['QUERY_CHARACTERS_MAX', 1_048_576],
  tokensMax: ['QUERY_TOKENS_MAX', 100_000],
  depthMax: ['QUERY_DEPTH_MAX', 100],
  costMax: ['QUERY_COST_MAX', ANY],
  fieldsMax: ['QUERY_FIELDS_MAX', 10_000],
  rootFieldsMax: ['QUERY_ROOT_FIELDS_MAX', 10_000],
  aliasesMax: ['QUERY_ALIASES_MAX', 10_000],
  directivesMax: ['QUERY_DIRECTIVES_MAX', 10_000],
  fragmentsMax: ['QUERY_FRAGMENTS_MAX', 1_000],
}
const HTTP: Setting<'http'> = {
  bodyBytesMax: ['BODY_BYTES_MAX', 268_435_456],
  headersMax: ['HEADERS_MAX', 1_000],
  headersMsMax: ['HEADERS_MS_MAX', DAY_MS],
  requestMsMax: ['REQUEST_MS_MAX', DAY_MS],
  idleMsMax: ['IDLE_MS_MAX', DAY_MS],
  busyRequestsMax: ['BUSY_REQUESTS_MAX', 100_000],
}
const SOCKET: Setting<'socket'> = {
  messageBytesMax: ['MESSAGE_BYTES_MAX', 268_435_456],
  messageFragmentsMax: ['MESSAGE_FRAGMENTS_MAX', 100_000],
  operationsMax: ['SOCKET_OPERATIONS_MAX', 100_000],
}
const CALLER: Setting<'caller'> = {
  connectionsMax: ['CALLER_CONNECTIONS_MAX', ANY],
  subscriptionsMax: ['CALLER_SUBSCRIPTIONS_MAX', ANY],
  requestsPerSecond: ['CALLER_REQUESTS_PER_SECOND', ANY],
  costPerSecond: ['CALLER_COST_PER_SECOND', ANY],
  refusalsPerSecond: ['CALLER_REFUSALS_PER_SECOND', ANY],
  failedAuthenticationsPerSecond: ['CALLER_FAILED_AUTHENTICATIONS_PER_SECOND', ANY],
}

/** Names of all settings that are numbers, with what they are unless told. */
export const LIMIT_SETTINGS: readonly (readonly [variable: string, byDefault: number])[] = [
  ...settingsOf(QUERY, DEFAULT_LIMITS.query), ...settingsOf(HTTP, DEFAULT_LIMITS.http),
  ...settingsOf(SOCKET, DEFAULT_LIMITS.socket), ...settingsOf(CALLER, DEFAULT_LIMITS.caller),
]

export function readEdge(environment: Environment): EdgeConfig {
  const isProduction = environment.NODE_ENV === 'production'
  return {
    limits: limits(environment),
    introspection: isOn('INTROSPECTION', environment.INTROSPECTION, !isProduction),
    explorer: isOn('EXPLORER', environment.EXPLORER, !isProduction),
    corsOrigins: (environment.CORS_ORIGINS ?? '').split(',').map((text) => text.trim()).filter((text) => text !== '').map(origin),
    trustedDocuments: environment.TRUSTED_DOCUMENTS === '' ? undefined : environment.TRUSTED_DOCUMENTS,
  }
}

function limits(environment: Environment): Limits {
  const http = group(environment, HTTP, DEFAULT_LIMITS.http)
  if (http.headersMsMax > http.requestMsMax) {
    throw new ConfigError(`HEADERS_MS_MAX=${http.headersMsMax} is longer than REQUEST_MS_MAX=${http.requestMsMax}, which the headers are part of: write ${http.requestMsMax} or less.`)
  }
  return {
    query: group(environment, QUERY, DEFAULT_LIMITS.query),
    http,
    socket: group(environment, SOCKET, DEFAULT_LIMITS.socket),
    caller: group(environment, CALLER, DEFAULT_LIMITS.caller),
  }
}

function group<Group extends { readonly [Name in keyof Group]: number }>(
  environment: Environment, settings: { readonly [Name in keyof Group]: readonly [variable: string, max: number] }, defaults: Group,
): Group {
  const names = Object.keys(settings) as (keyof Group)[]
  return Object.fromEntries(names.map((name) => [name, count(environment, settings[name], defaults[name])])) as unknown as Group
}

function count(environment: Environment, [variable, max]: readonly [variable: string, max: number], byDefault: number): number {
  const text = environment[variable]
  if (text === undefined) return byDefault
  const value = Number(text)
  if (/^\d{1,10}$/.test(text) && value >= 1 && value <= max) return value
  throw new ConfigError(`${variable}=${text} can not be used: write a whole number from 1 to ${max}, for example ${variable}=${byDefault}.`)
}

function settingsOf<Group extends object>(settings: { readonly [Name in keyof Group]: readonly [variable: string, max: number] }, defaults: Group) {
  return (Object.keys(settings) as (keyof Group)[]).map((name) => [settings[name][0], defaults[name] as number] as const)
}

function isOn(name: string, text: string | undefined, byDefault: boolean): boolean {
  if (text === undefined) return byDefault
  if (text === 'on' || text === 'off') return text === 'on'
  throw new ConfigError(`${name}=${text} can not be used: write ${name}=on or ${name}=off.`)
}

function origin(text: string): string {
  if (text === '*' || (URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text)) return text
  throw new ConfigError(`CORS_ORIGINS holds ${text}, which is no origin: write scheme, host and port without a path, for example CORS_ORIGINS=https://shop.example.`)
}
