import { destination, type Level, pino, stdTimeFunctions } from 'pino'
import type { Logger } from '../../application/ports.ts'

export interface LoggerOptions {
  readonly level: Level | 'silent'
  /** 1 for standard output, 2 for standard error. */
  readonly fd?: 1 | 2
  /** Stands in each line, where several processes write to one log. */
  readonly worker?: number
}

/** What a pipe takes whole, so that lines of several processes stand apart. */
const PIPE_BYTES = 4_096

/** Whatever somebody may one day hand to the log by these names stays out of it. */
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password', 'apiKey']
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** JSON, a line each. What is written meanwhile goes out with one call, so that a slow reader of the log slows nobody down. */
export function openLogger({ level, fd = 1, worker }: LoggerOptions): Logger {
  return pino({
    level,
    base: worker === undefined ? null : { worker },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: describe },
  }, destination({ fd, sync: fd === 2, maxWrite: PIPE_BYTES }))
}

const CAUSES_MAX = 5

/** What tells errors apart, and no more: those of libraries carry whole requests with them. */
function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack } = error
  const errors = error instanceof AggregateError ? error.errors as readonly unknown[] : []
  return {
    type: name, message, stack,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.cause !== undefined && depth < CAUSES_MAX && { cause: describe(error.cause, depth + 1) }),
    ...(errors.length > 0 && depth < CAUSES_MAX && { errors: errors.slice(0, CAUSES_MAX).map((each) => describe(each, depth + 1)) }),
  }
}
