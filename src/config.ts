/** The only reader of the environment. */
export interface Config {
  /** 1 to 65535; 0 takes any free one. */
  readonly port: number
  readonly host: string
  readonly storeDirectory: string
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A setting that can't be used. The message says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  return Object.freeze({
    port: port(environment.PORT ?? '4000'),
    host: environment.HOST ?? '127.0.0.1',
    storeDirectory: environment.STORE_DIR ?? './store',
    logLevel: logLevel(environment.LOG_LEVEL ?? 'info'),
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
