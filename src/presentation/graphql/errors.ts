import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { unwrapResolverError } from '@apollo/server/errors'
import { InvalidCursor } from '../../application/read-model.ts'
import { type Logger, Unavailable } from '../../application/ports.ts'

/**
 * An error as the client sees it: with its code, and no word of the inside. What is masked stands in the log
 * under the correlation id that the client was given.
 */
export function formatError(logger: Logger): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const cause = unwrapResolverError(error)
    const place = { ...(formatted.path && { path: formatted.path }), ...(formatted.locations && { locations: formatted.locations }) }
    if (cause instanceof InvalidCursor) return { ...place, message: cause.message, extensions: { code: 'BAD_USER_INPUT' } }
    if (cause instanceof Unavailable) {
      return { ...place, message: cause.message, extensions: { code: 'UNAVAILABLE', retryAfterMs: cause.retryAfterMs } }
    }
    const code = formatted.extensions?.code
    if (cause instanceof GraphQLError || code !== 'INTERNAL_SERVER_ERROR') {
      const isInput = code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED' || code === undefined
      return { ...place, message: formatted.message, extensions: { code: isInput ? 'BAD_USER_INPUT' : code } }
    }
    logger.error({ err: cause, path: formatted.path }, 'A request failed.')
    return { ...place, message: 'Something went wrong here; the log knows it by the correlation id of this answer.', extensions: { code: 'INTERNAL' } }
  }
}
