import { ConfigError } from './error.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface AuthConfig {
  /** Left open where it is not said: then it follows from what else is there. */
  readonly mode: 'none' | 'required' | undefined
  /** Who signs tokens, where somebody does. */
  readonly jwt: JwtConfig | undefined
}

export interface JwtConfig {
  readonly keys: { readonly secret: string } | { readonly jwksUrl: string } | { readonly jwksFile: string }
  readonly issuer?: string
  readonly audience?: string
  /** The names of the claims that say the role and the locations. */
  readonly claims: { readonly role: string; readonly locations: string }
}

const SECRET_BYTES_MIN = 32
const KEYS = ['AUTH_JWT_SECRET', 'AUTH_JWKS_URL', 'AUTH_JWKS_FILE'] as const

export function authConfig(environment: Environment): AuthConfig {
  const mode = modeOf(environment.AUTH)
  const jwt = jwtOf(environment)
  if (mode === 'none' && jwt) throw new ConfigError(`AUTH=none lets everybody in, and ${givenOf(environment).join()} is for tokens: leave one of them out.`)
  return { mode, jwt }
}

function modeOf(text: string | undefined): AuthConfig['mode'] {
  if (text === undefined || text === 'none' || text === 'required') return text
  throw new ConfigError(`AUTH=${text} is not known: write AUTH=required, or AUTH=none to let everybody in.`)
}

const givenOf = (environment: Environment) => KEYS.filter((name) => environment[name] !== undefined)

function jwtOf(environment: Environment): JwtConfig | undefined {
  const [name, other] = givenOf(environment)
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, AUTH_ROLE_CLAIM: role = 'role', AUTH_LOCATIONS_CLAIM: locations = 'locations' } = environment
  if (name === undefined) {
    if (issuer === undefined && audience === undefined) return undefined
    throw new ConfigError(`AUTH_ISSUER and AUTH_AUDIENCE say which tokens are meant, and nothing what to check them with: write one of ${KEYS.join(', ')}.`)
  }
  if (other !== undefined) throw new ConfigError(`${name} and ${other} are two ways to check tokens: write one of them.`)
  const keys = READ[name](environment[name] ?? '')
  return { keys, claims: { role, locations }, ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) }
}

const READ: Readonly<Record<(typeof KEYS)[number], (text: string) => JwtConfig['keys']>> = {
  /** Not repeated in the message: it is a secret. */
  AUTH_JWT_SECRET(secret) {
    if (Buffer.byteLength(secret) >= SECRET_BYTES_MIN) return { secret }
    throw new ConfigError(`AUTH_JWT_SECRET is too short: write ${SECRET_BYTES_MIN} bytes or more, for example from openssl rand -base64 32.`)
  },
  AUTH_JWKS_URL(text) {
    if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return { jwksUrl: text }
    throw new ConfigError('AUTH_JWKS_URL is no address: write it like https://login.example/.well-known/jwks.json.')
  },
  AUTH_JWKS_FILE(jwksFile) {
    if (jwksFile !== '') return { jwksFile }
    throw new ConfigError('AUTH_JWKS_FILE is empty: write where the file of keys is, for example /etc/stockstream/jwks.json.')
  },
}
