import { readFileSync } from 'node:fs'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose'
import { LRUCache } from 'lru-cache'
import { type Identity, Unauthenticated } from '../../application/access/identity.ts'
import { type Authenticator, Unavailable } from '../../application/ports.ts'
import { type ClaimNames, identityOf } from './claims.ts'
import { remoteKeys, type RemoteKeysOptions } from './remote-keys.ts'

/** What signatures are checked with. */
export type JwtKeys = { readonly secret: string } | { readonly jwks: RemoteKeysOptions } | { readonly jwksFile: string }

export interface JwtOptions {
  readonly keys: JwtKeys
  /** What `iss` and `aud` must be, where it is told. */
  readonly issuer?: string
  readonly audience?: string
  readonly claims: ClaimNames
  /** How far the clock of who signs may be from ours, in seconds. */
  readonly clockToleranceSeconds?: number
}

const CLOCK_TOLERANCE_SECONDS = 5
/** A signature costs several times what a query does, and is the same the next time. */
const KNOWN_MS_MAX = 30_000
const KNOWN_MAX = 10_000

type Verify = (token: string, options: JWTVerifyOptions) => Promise<{ readonly payload: JWTPayload }>

/** Tokens that somebody else has signed. Throws where the file of keys can't be read. */
export function createJwtAuthenticator({ keys, issuer, audience, claims, clockToleranceSeconds = CLOCK_TOLERANCE_SECONDS }: JwtOptions): Authenticator {
  const verify = verifier(keys)
  const options = { clockTolerance: clockToleranceSeconds, ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) }
  const known = new LRUCache<string, Identity>({ max: KNOWN_MAX, ttl: KNOWN_MS_MAX })

  async function verified(token: string): Promise<Identity> {
    const { payload } = await verify(token, options).catch(refuse)
    const identity = identityOf(payload, claims)
    known.set(token, identity)
    return identity
  }

  return {
    async authenticate(token = '') {
      const identity = known.get(token)
      return identity && !isOver(identity, clockToleranceSeconds) ? identity : verified(token)
    },
  }
}

/** What is over is verified again, which says so. */
const isOver = ({ expiresAt = Infinity }: Identity, toleranceSeconds: number): boolean => Date.now() >= expiresAt + toleranceSeconds * 1_000

/** The kind of key decides on the algorithm and not the token, so that no public key is ever taken for a secret. */
function verifier(keys: JwtKeys): Verify {
  if ('secret' in keys) {
    const secret = new TextEncoder().encode(keys.secret)
    return (token, options) => jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })
  }
  const keyOf: JWTVerifyGetKey = 'jwks' in keys
    ? remoteKeys(keys.jwks)
    : createLocalJWKSet(JSON.parse(readFileSync(keys.jwksFile, 'utf8')) as JSONWebKeySet)
  return (token, options) => jwtVerify(token, keyOf, { ...options, algorithms: ['RS256', 'ES256'] })
}

/** What the token is to blame for. All else is a matter of the server that has the keys. */
const REFUSALS = [
  errors.JWTInvalid, errors.JWTClaimValidationFailed, errors.JWSInvalid, errors.JWSSignatureVerificationFailed, errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys,
]

/** Nothing is told of why, but for what the one who holds a good token must know. */
function refuse(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new Unauthenticated('The token has expired: get a new one.', { cause: error })
  if (REFUSALS.some((refusal) => error instanceof refusal)) throw new Unauthenticated('The token is not valid here.', { cause: error })
  throw new Unavailable('Tokens can not be checked for now: their keys are out of reach.', 1_000, { cause: error })
}
