import {
  execute, type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, getOperationAST, GraphQLError, type GraphQLFormattedError, type GraphQLSchema,
  NoSchemaIntrospectionCustomRule, OperationTypeNode, specifiedRules, validate,
} from 'graphql'
import { type Context as Connection, type ExecutionResult as Sent, makeServer, type Server, type SubscribePayload } from 'graphql-ws'
import { setImmediate as turn } from 'node:timers/promises'
import type { SlowSubscriber } from '../../application/changes.ts'
import { authorizedInventory } from '../../application/access/authorized-inventory.ts'
import { Unauthenticated } from '../../application/access/identity.ts'
import type { ServedInventory } from '../../application/inventory.ts'
import { type Authenticator, type Logger, Unavailable } from '../../application/ports.ts'
import type { Span, Tracing } from '../../application/tracing.ts'
import { bearerOf } from '../bearer.ts'
import { callerId, type Callers } from '../callers.ts'
import { createAudiences, questionOf } from './audiences.ts'
import { causation } from './causation.ts'
import { createContext } from './context.ts'
import { encodeCursor } from './cursor.ts'
import { formatDiscreetly, formatError } from './errors.ts'
import type { Admission, Admitted } from './limits/admission.ts'
import { rateLimited } from './limits/refusal.ts'
import type { Trust } from './limits/trusted-documents.ts'
import type { BeginOperation, RunningOperation } from './operations.ts'
import type { Peer } from './peer.ts'
import { type Outlet, type SocketContext, subscribe } from './subscription-execution.ts'
import { watchToken } from './watched-token.ts'

export interface ProtocolOptions {
  readonly schema: GraphQLSchema
  readonly inventory: ServedInventory
  readonly authenticator: Authenticator
  readonly logger: Logger
  /** Of this server, as its package names it. */
  readonly version: string
  readonly admit: Admission
  readonly trust?: Trust | undefined
  readonly callers: Callers
  /** How often the token of an open socket is looked at again. */
  readonly tokenCheckMs?: number
  /** On one socket at a time. */
  readonly operationsMax: number
  /** Whether clients may ask for the schema, and are told what they may have meant. */
  readonly introspection: boolean
  /** What was given, where it can be one; a new one otherwise. */
  correlationId(given: unknown): string
  readonly beginOperation: BeginOperation
  readonly tracing?: Tracing | undefined
}

export interface Protocol {
  readonly server: Server<Peer>
  /** Takes no more operations, and resolves when the queries and commands that were taken are answered. */
  settle(): Promise<void>
  /** The cursor that all subscriptions of the peer can go on after without a gap; undefined where there is none. */
  goOnAfter(peer: Peer): string | undefined
}

/** An operation as its peer asked for it. */
interface Asked { readonly peer: Peer; readonly id: string; readonly payload: SubscribePayload }

type Connected = Connection<Record<string, unknown>, Peer>

const CONNECTION_INIT_MS_MAX = 3_000
const TOKEN_CHECK_MS = 30_000

/** graphql-transport-ws: queries, commands and subscriptions, their errors the same as over HTTP. */
export function createProtocol(options: ProtocolOptions): Protocol {
  const { schema, inventory, authenticator, version, callers, operationsMax, tokenCheckMs = TOKEN_CHECK_MS } = options
  const rules = options.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const format = options.introspection ? formatError : formatDiscreetly
  const audiences = createAudiences()
  const running = new Set<Promise<unknown>>()
  const operations = new WeakMap<SubscribePayload, RunningOperation>()
  let isSettling = false

  async function prepared({ extra, subscriptions }: Connected, id: string, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    if (Object.keys(subscriptions).length > operationsMax) throw tooMany(operationsMax)
    await callers.request(extra.callerId)
    const { document, cost } = await admitted(extra.callerId, payload)
    await callers.work(extra.callerId, cost)
    if (isSettling) throw new Unavailable('The server is going away: connect again.')
    const begun = begin(document, { peer: extra, id, payload })
    if (!('schema' in begun)) await callers.refused(extra.callerId, sizeOf(payload))
    return begun
  }

  async function admitted(caller: string, payload: SubscribePayload): Promise<Admitted> {
    const query = options.trust?.(payload) ?? payload.query
    try {
      return await options.admit(query, payload.variables)
    } catch (error) {
      await callers.refused(caller, sizeOf(payload))
      throw error
    }
  }

  function begin(document: Admitted['document'], asking: Asked): ExecutionArgs | readonly GraphQLError[] {
    const errors = validate(schema, document, rules)
    if (errors.length > 0) return errors
    const { peer, payload } = asking
    const { operationName, variables: variableValues } = payload
    const asked = getOperationAST(document, operationName)
    const span = asked && asked.operation !== OperationTypeNode.SUBSCRIPTION ? traced(asked.operation, payload) : undefined
    const contextValue = contextOf(asking, span)
    const running = operations.get(payload)
    if (asked?.operation === OperationTypeNode.SUBSCRIPTION) peer.following.set(payload, contextValue.delivery)
    if (running && asked) Object.assign(running, { kind: asked.operation, name: asked.name?.value, caller: contextValue.caller, span })
    return { schema, document, operationName, variableValues, contextValue }
  }

  /** A subscription is no step of anything: it has no end to wait for. */
  function traced(kind: string, { extensions }: SubscribePayload): Span | undefined {
    const { traceparent, tracestate } = extensions ?? {}
    return options.tracing?.begin(`websocket ${kind}`, {
      kind: 'server', ...(typeof traceparent === 'string' && { parent: traceparent }), ...(typeof tracestate === 'string' && { state: tracestate }),
    })
  }

  function contextOf({ peer, id, payload }: Asked, span: Span | undefined): SocketContext {
    if (!peer.inventory) throw new Unauthenticated('Send connection_init first.')
    const delivery = { sent: inventory.status().projected }
    const onSlow = ({ position }: SlowSubscriber): void => {
      // What is given to the socket in this turn still counts as sent.
      setImmediate(() => { peer.closeSlow(encodeCursor(inventory.status().logId, Math.max(position, delivery.sent))) })
    }
    const { actor } = peer.inventory.identity
    const caller = {
      correlationId: correlationIdOf(peer, payload),
      ...causation(payload.extensions?.causationId),
      ...(actor !== undefined && { actor }),
      ...(span && { traceparent: span.traceparent }),
    }
    const question = questionOf(payload, peer.inventory.identity)
    const outlet: Outlet = { id, write: (frames) => peer.write(frames), shown: (result) => noted(result, peer, payload) }
    const subscribing = { delivery, outlet, question, audiences, onSlow, hold: () => callers.subscribe(peer.callerId) }
    return Object.assign(createContext(peer.inventory, caller, version), subscribing)
  }

  function correlationIdOf(peer: Peer, { extensions }: SubscribePayload): string {
    const given = extensions?.correlationId
    return given === undefined ? peer.correlationId : options.correlationId(given)
  }

  async function letIn(peer: Peer, authorization: unknown): Promise<boolean> {
    try {
      const token = bearerOf(authorization ?? peer.authorization)
      const identity = await callers.identify(peer.callerId, () => authenticator.authenticate(token))
      peer.inventory = authorizedInventory(inventory, identity)
      if (identity.actor !== undefined) peer.callerId = callerId(identity.actor, undefined)
      if (token !== undefined) watchToken({ authenticator, token, identity, everyMs: tokenCheckMs, signal: peer.closed, onEnd: (reason) => { peer.closeForbidden(reason) } })
      return true
    } catch (error) {
      if (error instanceof Unauthenticated) peer.closeForbidden(error.message)
      else if (error instanceof GraphQLError) peer.closeLimited(error.message)
      else if (error instanceof Unavailable) peer.closeUnavailable(error.message)
      else throw error
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
    const shown = format(error.toJSON(), cause)
    if (shown.extensions?.code !== 'INTERNAL') return shown
    options.logger.error({ err: cause, path: error.path, correlationId }, 'A request over a socket failed.')
    return { ...shown, extensions: { ...shown.extensions, correlationId } }
  }

  function noted({ errors, ...result }: Sent, peer: Peer, payload: SubscribePayload): FormattedExecutionResult {
    const told = errors?.map((error) => formatted(error, correlationIdOf(peer, payload)))
    operations.get(payload)?.note(told)
    return { ...result, ...(told && { errors: told }) } as FormattedExecutionResult
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
    onSubscribe(connection, id, payload) {
      operations.set(payload, options.beginOperation('websocket', { correlationId: correlationIdOf(connection.extra, payload) }))
      return prepared(connection, id, payload).catch((error: unknown) => [asGraphQLError(error)])
    },
    async onNext({ extra }, _id, payload, _args, result) {
      if (result.data === undefined) await callers.refused(extra.callerId, sizeOf(payload))
      return noted(result, extra, payload)
    },
    onError({ extra }, _id, payload, errors) {
      const told = errors.map((error) => formatted(error, correlationIdOf(extra, payload)))
      extra.following.delete(payload)
      operations.get(payload)?.note(told)
      operations.get(payload)?.end()
      return told
    },
    onComplete({ extra }, _id, payload) {
      extra.following.delete(payload)
      operations.get(payload)?.end()
    },
  })

  return {
    server,
    async settle() {
      isSettling = true
      while (running.size > 0) await Promise.allSettled(running)
      await turn()
    },
    goOnAfter({ following }) {
      const positions = [...following.values()].map(({ sent }) => sent)
      return positions.length === 0 ? undefined : encodeCursor(inventory.status().logId, Math.min(...positions))
    },
  }
}

const sizeOf = (payload: SubscribePayload): number => JSON.stringify(payload).length

const tooMany = (max: number): GraphQLError => rateLimited(`A connection carries ${max} operations at a time: end one first, or open another connection.`)

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('The operation could not begin.', { originalError: error as Error })
