import { type Identity, Unauthenticated } from '../../application/access/identity.ts'
import { type Authenticator, type Clock, Unavailable } from '../../application/ports.ts'
import { type ApiKey, identityOfKey, idOf, isKeyOf, isOver } from './api-key.ts'
import { watchedApiKeys } from './api-key-file.ts'

export interface AuthenticatorPorts {
  /** Where the hashes of the API keys are. */
  readonly keyFile: string
  /** For what is no API key; without it there are these alone. */
  readonly jwt?: Authenticator
  readonly clock: Clock
}

/** Lets in who brings a good token: an API key, or one that somebody has signed who is trusted with it. */
export function requireToken({ keyFile, jwt, clock }: AuthenticatorPorts): Authenticator {
  const apiKeys = createApiKeyAuthenticator(keyFile, clock)
  return {
    authenticate(token) {
      if (token === undefined || token === '') return Promise.reject(new Unauthenticated('Send a token: "Authorization: Bearer TOKEN".'))
      if (jwt && idOf(token) === undefined) return jwt.authenticate(token)
      return apiKeys.authenticate(token)
    },
  }
}

function createApiKeyAuthenticator(file: string, clock: Clock): Authenticator {
  const keys = watchedApiKeys(file)
  const identities = new WeakMap<ApiKey, Identity>()
  return {
    async authenticate(token = '') {
      const known = await keys().catch((error: unknown) => {
        throw new Unavailable('API keys can not be checked for now: their file can not be read.', 1_000, { cause: error })
      })
      const key = known.get(idOf(token) ?? '')
      if (!key || !isKeyOf(key, token) || isOver(key, clock.now())) throw new Unauthenticated('The token is not valid here.')
      const identity = identities.get(key) ?? identityOfKey(key)
      identities.set(key, identity)
      return identity
    },
  }
}
