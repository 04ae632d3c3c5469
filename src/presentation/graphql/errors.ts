import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { unwrapResolverError } from '@apollo/server/errors'
import { ArgumentValidationError } from 'type-graphql'
import { Forbidden, Unauthenticated } from '../../application/access/identity.ts'
import { InvalidCursor } from '../../application/read-model.ts'
import { type Logger, Unavailable } from '../../application/ports.ts'
import type { Context } from './context.ts'
import { refusals } from './validation.ts'

/** An error as the client sees it: with its code, and no word of the inside. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error)
  const place = { ...(formatted.path && { path: formatted.path }), ...(formatted.locations && { locations: formatted.locations }) }
  if (cause instanceof InvalidCursor) return { ...place, message: cause.message, extensions: { code: 'BAD_USER_INPUT' } }
  if (cause instanceof ArgumentValidationError) {
    return { ...place, message: refusals(cause).map(({ message }) => message).join(' '), extensions: { code: 'BAD_USER_INPUT' } }
  }
  if (cause instanceof Forbidden) return { ...place, message: cause.message, extensions: { code: 'FORBIDDEN' } }
  if (cause instanceof Unauthenticated) return { ...place, message: cause.message, extensions: { code: 'UNAUTHENTICATED' } }
  if (cause instanceof Unavailable) {
    return { ...place, message: cause.message, extensions: { code: 'UNAVAILABLE', retryAfterMs: cause.retryAfterMs } }
  }
  if (isInternal(cause, formatted.extensions?.code)) {
    return { ...place, message: 'Something went wrong here; the log knows it by the correlation id of this answer.', extensions: { code: 'INTERNAL' } }
  }
  const code = formatted.extensions?.code
  const isInput = code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED' || code === undefined
  return { ...place, message: formatted.message, extensions: { code: isInput ? 'BAD_USER_INPUT' : code } }
}

const isInternal = (cause: unknown, code: unknown): boolean =>
  ![GraphQLError, InvalidCursor, Unavailable, Forbidden, Unauthenticated].some((known) => cause instanceof known) &&
  (code === undefined || code === 'INTERNAL_SERVER_ERROR')

/** An error of a compiled document has no extensions where it has nothing to say there. */
export const codeOf = ({ extensions }: GraphQLError): unknown => (extensions as GraphQLError['extensions'] | undefined)?.code

export interface MaskedErrors {
  log(errors: readonly GraphQLError[], context: Context): void
  readonly plugin: ApolloServerPlugin<Context>
}

/** What clients see masked stands in the log, under the correlation id that they were given. */
export function maskedErrors(logger: Logger): MaskedErrors {
  function log(errors: readonly GraphQLError[], { caller: { correlationId } }: Context): void {
    for (const error of errors) {
      const cause = unwrapResolverError(error)
      if (isInternal(cause, codeOf(error))) logger.error({ err: cause, path: error.path, correlationId }, 'A request failed.')
    }
  }
  return {
    log,
    plugin: {
      requestDidStart: () => Promise.resolve({
        didEncounterErrors({ errors, contextValue }) {
          log(errors, contextValue)
          return Promise.resolve()
        },
      }),
    },
  }
}
