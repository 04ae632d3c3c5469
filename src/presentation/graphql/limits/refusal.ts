import { HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'

/** QUERY_TOO_COMPLEX: the document asks for more than one document may. */
export const tooComplex = (what: string, max: number): GraphQLError =>
  new GraphQLError(`The document has more than ${max} ${what}: ask for less, or in several requests.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  })

export const isTooComplex = (error: unknown): boolean => error instanceof GraphQLError && error.extensions.code === 'QUERY_TOO_COMPLEX'

/** RATE_LIMITED: this caller has had its share. With retryAfterMs, where time alone makes room. */
export const rateLimited = (message: string, retryAfterMs?: number): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'RATE_LIMITED',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      http: { status: 429, headers: new HeaderMap(retryAfterMs === undefined ? [] : [['retry-after', String(Math.ceil(retryAfterMs / 1_000))]]) },
    },
  })
