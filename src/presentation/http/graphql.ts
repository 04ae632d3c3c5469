import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { GraphQLError, type GraphQLSchema } from 'graphql'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createAuthorizer } from '../../application/access/authorized-inventory.ts'
import type { Caller } from '../../application/commands/types.ts'
import type { ServedInventory } from '../../application/inventory.ts'
import type { Authenticator, Logger } from '../../application/ports.ts'
import { callerId, type Callers } from '../callers.ts'
import { causation } from '../graphql/causation.ts'
import { type Context, createContext } from '../graphql/context.ts'
import { formatDiscreetly, formatError, maskedErrors } from '../graphql/errors.ts'
import type { Admission } from '../graphql/limits/admission.ts'
import { isTooComplex } from '../graphql/limits/refusal.ts'
import { type BeginOperation, observeOperations, type RunningOperation } from '../graphql/operations.ts'
import type { Trust } from '../graphql/limits/trusted-documents.ts'
import { createPreparedDocuments } from '../graphql/prepared-documents.ts'
import type { HttpLimits } from '../limits.ts'
import { askApollo } from './apollo.ts'
import { identityOf } from './authentication.ts'
import { BodyError, parseJson, readBody } from './body.ts'
import { createRefusals } from '../graphql/refusals.ts'
import { createPreparedAnswers, sendPrepared } from './prepared-answers.ts'
import { send, sendRefusal, withError } from './send.ts'
import { statusesOfPlainJson } from './statuses.ts'

export interface GraphqlOptions {
  readonly schema: GraphQLSchema
  readonly inventory: ServedInventory
  readonly authenticator: Authenticator
  readonly logger: Logger
  readonly beginOperation: BeginOperation
  /** Of this server, as its package names it. */
  readonly version: string
  readonly admit: Admission
  readonly trust?: Trust | undefined
  readonly callers: Callers
  readonly limits: HttpLimits
  /** Whether clients may ask for the schema, and are told what they may have meant. */
  readonly introspection: boolean
  /** How often a document is answered before it is prepared; a few times unless told. */
  readonly prepareAfter?: number
}

/** GraphQL over HTTP. */
export interface GraphqlEdge {
  answer(request: IncomingMessage, response: ServerResponse, search: string, asker: Caller): Promise<void>
  close(): Promise<void>
}

/** As JSON says it; nothing where there is none. */
interface Body { readonly content: unknown; readonly bytes: number }

const NO_BODY: Body = { content: undefined, bytes: 0 }

/** What of a request says what it asks for. */
interface Asked { readonly query: string; readonly variables: Readonly<Record<string, unknown>> | undefined }

export async function createGraphqlEdge(options: GraphqlOptions): Promise<GraphqlEdge> {
  const { schema, beginOperation, callers, limits } = options
  const authorize = createAuthorizer(options.inventory)
  const format = options.introspection ? formatError : formatDiscreetly
  const documents = createPreparedDocuments(schema, options.prepareAfter)
  const masked = maskedErrors(options.logger)
  const refusals = createRefusals()
  const answerPrepared = createPreparedAnswers({ documents, format, beginOperation, onErrors: masked.log })
  const apollo = apolloServer(options, format, [refusals.plugin, masked.plugin, observeOperations(beginOperation), documents.plugin, statusesOfPlainJson, ApolloServerPluginCacheControlDisabled()])
  await apollo.start()

  /** Takes what the request costs from the caller's share. What it may not ask for is given back, as Apollo Server knows how to say it. */
  async function refused(caller: string, asker: Caller, { query, variables }: Asked): Promise<GraphQLError | undefined> {
    try {
      const { cost } = await options.admit(query, variables)
      await callers.work(caller, cost)
      return undefined
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      if (isSyntaxError(error)) return undefined
      countRefused(beginOperation('http', asker), error)
      if (isTooComplex(error)) await callers.refused(caller, query.length)
      return error
    }
  }

  /** While it was read, the caller may have been refused too often by what it sent beside it. */
  async function bodyOf(request: IncomingMessage, caller: string): Promise<Body> {
    try {
      const text = await readBody(request, limits.bodyBytesMax)
      callers.letIn(caller)
      return text ? { content: parseJson(text), bytes: text.length } : NO_BODY
    } catch (error) {
      if (error instanceof BodyError) await callers.refused(caller, error.bytes)
      throw error
    }
  }

  async function answered(request: IncomingMessage, response: ServerResponse, search: string, unknown: Caller): Promise<void> {
    const identity = await identityOf(options, request, response)
    if (!identity) return
    const asker = callerOf(unknown, identity.actor, request.headers['x-causation-id'])
    const caller = callerId(identity.actor, request.socket.remoteAddress)
    await callers.request(caller)
    const { content: given, bytes } = request.method === 'POST' ? await bodyOf(request, caller) : NO_BODY
    const body = options.trust && isRecord(given) ? trusted(options.trust, given) : given
    const asked = request.method === 'POST' ? askedIn(body) : askedInUrl(search)
    if (request.method !== 'POST' && asked) options.trust?.(asked)
    const refusal = asked && await refused(caller, asker, asked)
    const context = createContext(authorize(identity), asker, options.version)
    const prepared = refusal ? undefined : await answerPrepared(request, body, context)
    if (prepared !== undefined) sendPrepared(response, prepared)
    else await askApollo(apollo, request, response, { search, body, context: () => (refusal ? Promise.reject(refusal) : Promise.resolve(context)) })
    if (!asked || refusals.has(asker)) await callers.refused(caller, bytes)
  }

  return {
    async answer(request, response, search, asker) {
      response.setHeader('cache-control', 'no-store')
      try {
        await answered(request, response, search, asker)
      } catch (error) {
        if (error instanceof BodyError) send(response, error.status, withError(error.message, 'BAD_USER_INPUT'))
        else if (error instanceof GraphQLError) sendRefusal(response, error)
        else throw error
      }
    },
    close: () => apollo.stop(),
  }
}

const apolloServer = ({ schema, introspection }: GraphqlOptions, formatError: typeof formatDiscreetly, plugins: ApolloServerPlugin<Context>[]) =>
  new ApolloServer<Context>({
    schema,
    introspection,
    formatError,
    plugins,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  })

function countRefused(running: RunningOperation, error: GraphQLError): void {
  running.note([error.toJSON()])
  running.end()
}

/** What is no GraphQL is Apollo Server's to judge, what is too much of it is not. */
const isSyntaxError = ({ extensions: { code } }: GraphQLError): boolean => code === undefined

/** Field by field: what is added to a copy is added slowly, and each request has one of these. */
const callerOf = ({ correlationId, traceparent }: Caller, actor: string | undefined, cause: unknown): Caller => ({
  correlationId,
  ...(traceparent !== undefined && { traceparent }),
  ...(actor !== undefined && { actor }),
  ...causation(cause),
})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** With the text of its document, which may be named by its hash: as a document id, or as Apollo's clients name it. */
function trusted(trust: Trust, { extensions, ...asked }: Record<string, unknown>): Record<string, unknown> {
  const persisted = isRecord(extensions) && isRecord(extensions.persistedQuery) ? extensions.persistedQuery.sha256Hash : undefined
  return { ...asked, query: trust({ query: asked.query, documentId: asked.documentId ?? persisted }) }
}

function askedIn(body: unknown): Asked | undefined {
  if (!isRecord(body) || typeof body.query !== 'string') return undefined
  return { query: body.query, variables: isRecord(body.variables) ? body.variables : undefined }
}

function askedInUrl(search: string): Asked | undefined {
  const parameters = new URLSearchParams(search)
  const query = parameters.get('query')
  if (query === null) return undefined
  try {
    const variables: unknown = JSON.parse(parameters.get('variables') ?? '{}')
    return { query, variables: isRecord(variables) ? variables : undefined }
  } catch {
    return { query, variables: undefined }
  }
}
