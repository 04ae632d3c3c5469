import { isIP } from 'node:net'
import type { Authenticator } from '../application/ports.ts'
import { type Config, ConfigError } from '../config.ts'
import { apiKeyFile, readApiKeys } from '../infrastructure/auth/api-key-file.ts'
import { requireToken } from '../infrastructure/auth/authenticator.ts'
import { createJwtAuthenticator } from '../infrastructure/auth/jwt.ts'
import { openToAll } from '../infrastructure/auth/open.ts'
import { systemClock } from '../infrastructure/clock.ts'

/** Who is let in, and how that is told where the server starts. */
export interface Access {
  readonly authenticator: Authenticator
  readonly notice: string
  /** Everybody who reaches the port may do everything, and that is not this machine alone. */
  readonly isOpenToOthers: boolean
}

/**
 * With a token alone, where it is asked for or tokens or API keys are set up. Otherwise anybody on this machine;
 * ConfigError where others could reach the server and nobody has said that they may.
 */
export async function accessOf({ auth, host, storeDirectory }: Pick<Config, 'auth' | 'host' | 'storeDirectory'>): Promise<Access> {
  const keyFile = apiKeyFile(storeDirectory)
  const hasKeys = (await readApiKeys(keyFile)).length > 0
  if (auth.mode === 'required' || auth.jwt || (hasKeys && auth.mode === undefined)) {
    const authenticator = requireToken({ keyFile, clock: systemClock, ...(auth.jwt && { jwt: jwtAuthenticator(auth.jwt) }) })
    return { authenticator, notice: 'with a token; stockstream keys add NAME makes one', isOpenToOthers: false }
  }
  if (isLoopback(host)) return { authenticator: openToAll, notice: 'anybody on this machine, without a token', isOpenToOthers: false }
  if (auth.mode === 'none') return { authenticator: openToAll, notice: 'ANYBODY WHO REACHES THIS ADDRESS, without a token', isOpenToOthers: true }
  throw new ConfigError(`HOST=${host} would let everybody in who reaches it: make an API key with "stockstream keys add NAME --role admin", set AUTH_JWT_SECRET, AUTH_JWKS_URL or AUTH_JWKS_FILE, or write AUTH=none if that is what you want.`)
}

function jwtAuthenticator(options: NonNullable<Config['auth']['jwt']>): Authenticator {
  try {
    return createJwtAuthenticator(options)
  } catch (error) {
    throw new ConfigError(`AUTH_JWKS_FILE can not be used: ${error instanceof Error ? error.message : 'it is no set of keys'}. Write where a file like {"keys": [...]} is.`)
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
