import { ConfigError } from './error.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface WorkersConfig {
  /** Processes that answer, beside the one that writes. Under two, one process does it all. */
  readonly workers: number
}

const WORKERS_MAX = 64

export const readWorkers = (environment: Environment): WorkersConfig => ({ workers: workers(environment.WORKERS ?? '0', environment) })

function workers(text: string, { EVENT_STORE_URL: log = 'file:', READ_MODEL_URL: readModel = 'file:' }: Environment): number {
  const value = Number(text)
  if (!/^\d{1,2}$/.test(text) || value > WORKERS_MAX) {
    throw new ConfigError(`WORKERS=${text} can not be used: write a whole number from 0 to ${WORKERS_MAX}, for example WORKERS=4 where there are four cores or more.`)
  }
  if (value < 2 || (log === 'file:' && readModel === 'file:')) return value
  throw new ConfigError('WORKERS is for a log and a read model in a folder: write EVENT_STORE_URL=file: and READ_MODEL_URL=file:, or leave WORKERS out and start more nodes on the database.')
}
