import { isIP } from 'node:net'
import type { Authenticator, Logger } from '../application/ports.ts'
import { type Config, ConfigError } from '../config.ts'
import type { JwtConfig } from '../config/auth.ts'
import { apiKeyFile, readApiKeys } from '../infrastructure/auth/api-key-file.ts'
import { requireToken } from '../infrastructure/auth/authenticator.ts'
import { createJwtAuthenticator, type JwtOptions } from '../infrastructure/auth/jwt.ts'
import { openToAll } from '../infrastructure/auth/open.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { createBreaker, type OwnedBreaker } from '../infrastructure/resilience/breaker.ts'

/** Who is let in, and how that is told where the server starts. */
export interface Access {
  readonly authenticator: Authenticator
  readonly notice: string
  /** Everybody who reaches the port may do everything, and that is not this machine alone. */
  readonly isOpenToOthers: boolean
  /** Around what has to be asked to know who somebody is; whoever takes it closes it. */
  readonly breaker?: OwnedBreaker
}

const KEYS_PROBE_AFTER_MS = 1_000

/**
 * With a token alone, where it is asked for or tokens or API keys are set up. Otherwise anybody on this machine;
 * ConfigError where others could reach the server and nobody has said that they may.
 */
export async function accessOf({ auth, host, storeDirectory }: Pick<Config, 'auth' | 'host' | 'storeDirectory'>, logger: Logger): Promise<Access> {
  const keyFile = apiKeyFile(storeDirectory)
  const hasKeys = (await readApiKeys(keyFile)).length > 0
  if (auth.mode === 'required' || auth.jwt || (hasKeys && auth.mode === undefined)) {
    const signed = auth.jwt && jwtAccess(auth.jwt, logger)
    const authenticator = requireToken({ keyFile, clock: systemClock, ...signed })
    return { ...(signed?.breaker && { breaker: signed.breaker }), authenticator, notice: 'with a token; stockstream keys add NAME makes one', isOpenToOthers: false }
  }
  if (isLoopback(host)) return { authenticator: openToAll, notice: 'anybody on this machine, without a token', isOpenToOthers: false }
  if (auth.mode === 'none') return { authenticator: openToAll, notice: 'ANYBODY WHO REACHES THIS ADDRESS, without a token', isOpenToOthers: true }
  throw new ConfigError(`HOST=${host} would let everybody in who reaches it: make an API key with "stockstream keys add NAME --role admin", set AUTH_JWT_SECRET, AUTH_JWKS_URL or AUTH_JWKS_FILE, or write AUTH=none if that is what you want.`)
}

function jwtAccess({ keys, ...options }: JwtConfig, logger: Logger): { readonly jwt: Authenticator; readonly breaker?: OwnedBreaker } {
  if (!('jwksUrl' in keys)) return { jwt: jwtAuthenticator({ ...options, keys }) }
  const breaker = createBreaker({ name: 'server of the keys of tokens', probeAfterMs: KEYS_PROBE_AFTER_MS, logger })
  return { breaker, jwt: jwtAuthenticator({ ...options, keys: { jwks: { url: keys.jwksUrl, breaker, logger } } }) }
}

function jwtAuthenticator(options: JwtOptions): Authenticator {
  try {
    return createJwtAuthenticator(options)
  } catch (error) {
    throw new ConfigError(`AUTH_JWKS_FILE can not be used: ${error instanceof Error ? error.message : 'it is no set of keys'}. Write where a file like {"keys": [...]} is.`)
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
