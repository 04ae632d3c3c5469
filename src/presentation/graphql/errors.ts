import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { unwrapResolverError } from '@apollo/server/errors'
import { ArgumentValidationError } from 'type-graphql'
import { Forbidden, Unauthenticated } from '../../application/access/identity.ts'
import { InvalidCursor } from '../../application/read-model.ts'
import { type Logger, Unavailable } from '../../application/ports.ts'
import type { Context } from './context.ts'
import { refusals } from './validation.ts'

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError

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
  const { code, retryAfterMs } = formatted.extensions ?? {}
  return {
    ...place,
    message: shortened(formatted.message),
    extensions: { code: code === undefined || INPUT_CODES.has(code) ? 'BAD_USER_INPUT' : code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  }
}

/** Apollo's, for what the API knows by one code. */
const INPUT_CODES: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE', 'PERSISTED_QUERY_NOT_SUPPORTED',
])

const MESSAGE_CHARACTERS_MAX = 500

/** Messages repeat what they were given, however long that is. */
const shortened = (message: string): string =>
  message.length <= MESSAGE_CHARACTERS_MAX ? message : `${message.slice(0, MESSAGE_CHARACTERS_MAX)}…`

/** As formatError, but that it names nothing of the schema that was not asked for. */
export function formatDiscreetly(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const shown = formatError(formatted, error)
  return { ...shown, message: shown.message.replace(/ ?Did you mean .+\?/s, '') }
}

const isInternal = (cause: unknown, code: unknown): boolean =>
  ![InvalidCursor, Unavailable, Forbidden, Unauthenticated].some((known) => cause instanceof known) &&
  (code === 'INTERNAL_SERVER_ERROR' || (code === undefined && !(cause instanceof GraphQLError)))

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
