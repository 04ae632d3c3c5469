import {
  execute, type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, getOperationAST, GraphQLError, type GraphQLFormattedError, type GraphQLSchema, parse,
  validate,
} from 'graphql'
import { type Context as Connection, type ExecutionResult as Sent, makeServer, type Server, type SubscribePayload } from 'graphql-ws'
import { setImmediate as turn } from 'node:timers/promises'
import type { SlowSubscriber } from '../../application/changes.ts'
import { type AuthorizedInventory, authorizedInventory } from '../../application/access/authorized-inventory.ts'
import { Unauthenticated } from '../../application/access/identity.ts'
import type { Inventory } from '../../application/inventory.ts'
import { type Authenticator, type Logger, Unavailable } from '../../application/ports.ts'
import { bearerOf } from '../bearer.ts'
import { createContext } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { formatError } from './errors.ts'
import type { BeginOperation, RunningOperation } from './operations.ts'
import { type SocketContext, subscribe } from './subscription-execution.ts'

export interface ProtocolOptions {
  readonly schema: GraphQLSchema
  readonly inventory: Inventory
  readonly authenticator: Authenticator
  readonly logger: Logger
  /** Of this server, as its package names it. */
  readonly version: string
  /** What was given, where it can be one; a new one otherwise. */
  correlationId(given: unknown): string
  readonly beginOperation: BeginOperation
}

/** The other end of a socket. */
export interface Peer {
  /** Of the whole connection; an operation may bring its own. */
  correlationId: string
  /** What the request that opened the socket said of who asks; connection_init may say it too. */
  readonly authorization: string | undefined
  /** As the other end may see and change it, once it is known who that is. */
  inventory?: AuthorizedInventory
  /** Closes the connection to one that is not let in, or no longer. */
  closeForbidden(reason: string): void
  /** Closes the connection to one that does not read. The cursor is that of the last change that was sent to it. */
  closeSlow(cursor: string): void
}

export interface Protocol {
  readonly server: Server<Peer>
  /** Takes no more operations, and resolves when the queries and commands that were taken are answered. */
  settle(): Promise<void>
}

type Connected = Connection<Record<string, unknown>, Peer>

const CONNECTION_INIT_MS_MAX = 3_000
const OPERATIONS_MAX = 1_000

/** graphql-transport-ws: queries, commands and subscriptions, their errors the same as over HTTP. */
export function createProtocol(options: ProtocolOptions): Protocol {
  const { schema, inventory, authenticator, version } = options
  const running = new Set<Promise<unknown>>()
  const operations = new WeakMap<SubscribePayload, RunningOperation>()
  let isSettling = false

  function prepared({ extra, subscriptions }: Connected, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    if (isSettling) throw new Unavailable('The server is going away: connect again.')
    if (Object.keys(subscriptions).length > OPERATIONS_MAX) throw tooMany()
    const document = parse(payload.query)
    const errors = validate(schema, document)
    if (errors.length > 0) return errors
    const { operationName, variables: variableValues } = payload
    const contextValue = contextOf(extra, payload)
    const asked = getOperationAST(document, operationName)
    const running = operations.get(payload)
    if (running && asked) Object.assign(running, { kind: asked.operation, name: asked.name?.value, caller: contextValue.caller })
    return { schema, document, operationName, variableValues, contextValue }
  }

  function contextOf(peer: Peer, payload: SubscribePayload): SocketContext {
    if (!peer.inventory) throw new Unauthenticated('Send connection_init first.')
    const delivery = { taken: 0, sent: 0 }
    const onSlow = ({ position }: SlowSubscriber): void => {
      // What is given to the socket in this turn still counts as sent.
      setImmediate(() => { peer.closeSlow(encodeCursor(inventory.status().logId, Math.max(position, delivery.sent))) })
    }
    return { ...createContext(peer.inventory, { correlationId: correlationIdOf(peer, payload) }, version), delivery, onSlow }
  }

  function correlationIdOf(peer: Peer, { extensions }: SubscribePayload): string {
    const given = extensions?.correlationId
    return given === undefined ? peer.correlationId : options.correlationId(given)
  }

  async function letIn(peer: Peer, authorization: unknown): Promise<boolean> {
    try {
      const identity = await authenticator.authenticate(bearerOf(authorization ?? peer.authorization))
      peer.inventory = authorizedInventory(inventory, identity)
      return true
    } catch (error) {
      if (!(error instanceof Unauthenticated)) throw error
      peer.closeForbidden(error.message)
      return false
    }
  }

  function run(args: ExecutionArgs): Promise<ExecutionResult> {
    const result = Promise.resolve(execute(args))
    running.add(result)
    return result.finally(() => { running.delete(result) })
  }

  /** As the client sees it. What is masked stands in the log, under the correlation id that the client is told. */
  function formatted(error: GraphQLError, correlationId: string): GraphQLFormattedError {
    const cause = error.originalError ?? error
    const shown = formatError(error.toJSON(), cause)
    if (shown.extensions?.code !== 'INTERNAL') return shown
    options.logger.error({ err: cause, path: error.path, correlationId }, 'A request over a socket failed.')
    return { ...shown, extensions: { ...shown.extensions, correlationId } }
  }

  function formattedResult({ errors, ...result }: Sent, correlationId: string): FormattedExecutionResult {
    return { ...result, ...(errors && { errors: errors.map((error) => formatted(error, correlationId)) }) } as FormattedExecutionResult
  }

  const server = makeServer<Record<string, unknown>, Peer>({
    connectionInitWaitTimeout: CONNECTION_INIT_MS_MAX,
    execute: run,
    subscribe,
    async onConnect({ connectionParams, extra }) {
      if (!await letIn(extra, connectionParams?.authorization ?? connectionParams?.Authorization)) return false
      if (connectionParams?.correlationId !== undefined) extra.correlationId = options.correlationId(connectionParams.correlationId)
      return { correlationId: extra.correlationId }
    },
    onSubscribe(connection, _id, payload) {
      operations.set(payload, options.beginOperation('websocket', { correlationId: correlationIdOf(connection.extra, payload) }))
      try {
        return prepared(connection, payload)
      } catch (error) {
        return [asGraphQLError(error)]
      }
    },
    onNext({ extra }, _id, payload, { contextValue }, result) {
      const { delivery } = contextValue as SocketContext
      delivery.sent = delivery.taken
      const formatted = formattedResult(result, correlationIdOf(extra, payload))
      operations.get(payload)?.note(formatted.errors)
      return formatted
    },
    onError({ extra }, _id, payload, errors) {
      const told = errors.map((error) => formatted(error, correlationIdOf(extra, payload)))
      operations.get(payload)?.note(told)
      operations.get(payload)?.end()
      return told
    },
    onComplete(_connection, _id, payload) { operations.get(payload)?.end() },
  })

  return {
    server,
    async settle() {
      isSettling = true
      while (running.size > 0) await Promise.allSettled(running)
      await turn()
    },
  }
}

const tooMany = (): GraphQLError =>
  new GraphQLError(`A connection carries ${OPERATIONS_MAX} operations at a time: end one first, or open another connection.`, { extensions: { code: 'RATE_LIMITED' } })

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('The operation could not begin.', { originalError: error as Error })
