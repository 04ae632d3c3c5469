import type { ApolloServerPlugin } from '@apollo/server'
import type { Caller } from '../../application/commands/types.ts'
import type { Context } from './context.ts'

/** Requests of which nothing was executed: no document, none of this API, or variables that do not fit it. */
export interface Refusals {
  readonly plugin: ApolloServerPlugin<Context>
  has(caller: Caller): boolean
}

/** By who asked for them, of which each request has one of its own: Apollo Server copies the context. */
export function createRefusals(): Refusals {
  const refused = new WeakSet<Caller>()
  return {
    plugin: {
      requestDidStart: () => Promise.resolve({
        willSendResponse({ contextValue, response: { body } }) {
          if (body.kind === 'single' && body.singleResult.data === undefined) refused.add(contextValue.caller)
          return Promise.resolve()
        },
      }),
    },
    has: (caller) => refused.has(caller),
  }
}
