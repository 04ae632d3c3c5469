import type { ApolloServerPlugin } from '@apollo/server'
import type { Context } from '../graphql/context.ts'

/**
 * A client that takes plain JSON and nothing newer reads what was wrong with its document from an answer of 200, as
 * GraphQL over HTTP has it: for such clients another status is that of the network. All others are told 400.
 */
export const statusesOfPlainJson: ApolloServerPlugin<Context> = {
  requestDidStart: () => Promise.resolve({
    willSendResponse({ request, response }) {
      if (response.http.status === 400 && wantsPlainJson(request.http?.headers.get('accept'))) response.http.status = 200
      return Promise.resolve()
    },
  }),
}

const wantsPlainJson = (accept = ''): boolean => /^application\/json(;|$)/.test(accept) && !accept.includes(',')
