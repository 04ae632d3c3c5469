import { GraphQLError } from 'graphql'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Identity, Unauthenticated } from '../../application/access/identity.ts'
import { type Authenticator, Unavailable } from '../../application/ports.ts'
import { bearerOf } from '../bearer.ts'
import { callerId, type Callers } from '../callers.ts'
import { sendRefusal } from './send.ts'

export interface Gate { readonly authenticator: Authenticator; readonly callers: Callers }

/** Who sends the request; undefined where they are not let in, and have been told: 401, 429 where that happened too often, or 503 where nobody can tell for now. */
export async function identityOf({ authenticator, callers }: Gate, request: IncomingMessage, response: ServerResponse): Promise<Identity | undefined> {
  const { authorization } = request.headers
  try {
    return await callers.identify(callerId(undefined, request.socket.remoteAddress), () => authenticator.authenticate(bearerOf(authorization)))
  } catch (error) {
    if (error instanceof Unauthenticated) {
      const blamed = authorization === undefined ? '' : ', error="invalid_token"'
      refuse(response, 401, { 'www-authenticate': `Bearer realm="stockstream"${blamed}` }, { code: 'UNAUTHENTICATED' }, error)
    } else if (error instanceof Unavailable) {
      const { retryAfterMs } = error
      refuse(response, 503, { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }, { code: 'UNAVAILABLE', retryAfterMs }, error)
    } else if (error instanceof GraphQLError) sendRefusal(response, error)
    else throw error
    return undefined
  }
}

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, extensions: object, { message }: Error): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify({ errors: [{ message, extensions }] }))
}
