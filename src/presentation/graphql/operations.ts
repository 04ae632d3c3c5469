import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLFormattedError } from 'graphql'
import type { Caller } from '../../application/commands/types.ts'
import type { Observer, OperationKind, Transport } from '../../application/observer.ts'
import type { Span } from '../../application/tracing.ts'
import type { Context } from './context.ts'

/** An operation that has begun. What it turns out to be is noted as it is found. */
export interface RunningOperation {
  caller: Caller
  kind: OperationKind
  name: string | undefined
  /** Ends with it, where it has one of its own. */
  span: Span | undefined
  /** Whether its document was compiled before. */
  isPrepared: boolean
  /** Of what it answers; the first one says how it went. */
  note(errors: readonly GraphQLFormattedError[] | undefined): void
  end(): void
}

export type BeginOperation = (transport: Transport, caller: Caller) => RunningOperation

/** What may stand as outcome: codes that others make up are counted together. */
const CODES: ReadonlySet<unknown> = new Set([
  'BAD_USER_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'QUERY_TOO_COMPLEX', 'UNAVAILABLE', 'INTERNAL',
])

/** Tells the observer of every operation, whichever way it came. */
export const createOperations = (observer: Pick<Observer, 'operation'>): BeginOperation => (transport, caller) => {
  const startedAt = performance.now()
  let outcome = 'OK'
  return {
    caller,
    kind: 'invalid',
    name: undefined,
    span: undefined,
    isPrepared: false,
    note(errors) { if (outcome === 'OK' && errors && errors.length > 0) outcome = codeOf(errors[0]) },
    end() {
      const milliseconds = performance.now() - startedAt
      observer.operation({ caller: this.caller, name: this.name, kind: this.kind, transport, outcome, isPrepared: this.isPrepared, milliseconds })
      this.span?.end({}, outcome === 'OK' ? undefined : outcome)
    },
  }
}

function codeOf(error: GraphQLFormattedError | undefined): string {
  const code = error?.extensions?.code
  return CODES.has(code) ? String(code) : 'OTHER'
}

/** For what comes over HTTP; what comes over a socket is told of there. */
export const observeOperations = (begin: BeginOperation): ApolloServerPlugin<Context> => ({
  requestDidStart({ contextValue: { caller } }) {
    const running = begin('http', caller)
    return Promise.resolve({
      didResolveOperation({ operation, operationName }) {
        if (operation) running.kind = operation.operation
        running.name = operationName ?? undefined
        return Promise.resolve()
      },
      willSendResponse({ response: { body } }) {
        if (body.kind === 'single') running.note(body.singleResult.errors)
        running.end()
        return Promise.resolve()
      },
    })
  },
})
