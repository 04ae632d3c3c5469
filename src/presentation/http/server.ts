import 'reflect-metadata'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { FORWARDED_PATH } from '../../application/forwarding.ts'
import type { ServedInventory } from '../../application/inventory.ts'
import { type Exposition, type Observer, type RequestFacts, unobserved } from '../../application/observer.ts'
import type { Authenticator, Logger } from '../../application/ports.ts'
import { type SpanOptions, type Tracing, untraced } from '../../application/tracing.ts'
import { type Callers, createCallers } from '../callers.ts'
import { createAdmission } from '../graphql/limits/admission.ts'
import { trustOnly } from '../graphql/limits/trusted-documents.ts'
import { createOperations } from '../graphql/operations.ts'
import { createSchema } from '../graphql/schema.ts'
import { DEFAULT_LIMITS, type Limits } from '../limits.ts'
import { identityOf } from './authentication.ts'
import { createHttpServer, listen, urlOf, watchConnections } from './connections.ts'
import { createDraining } from './draining.ts'
import { createForwarded } from './forwarded.ts'
import { createGraphqlEdge } from './graphql.ts'
import { createLoad } from './load.ts'
import { createOrigins } from './origins.ts'
import { createPages } from './pages.ts'
import { send, sendUnavailable, withError } from './send.ts'
import { serveWebSocket } from './websocket.ts'

export interface HttpServerOptions {
  readonly inventory: ServedInventory
  readonly authenticator: Authenticator
  readonly logger: Logger
  /** Of this server, as its package names it. */
  readonly version: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly limits?: Limits
  /** Whether clients may ask for the schema, and are told what they may have meant; they may unless told. */
  readonly introspection?: boolean
  /** Whether there is an explorer at /graphiql; there is one unless told. */
  readonly explorer?: boolean
  /** Origins of other sites whose pages may use the API; `*` is all of them, and none is allowed unless told. */
  readonly corsOrigins?: readonly string[]
  /** The texts of all documents that are answered; any is, unless told. */
  readonly trustedDocuments?: readonly string[] | undefined
  /** How often a document is answered before it is prepared; a few times unless told, and never where it is Infinity. */
  readonly prepareAfter?: number
  /** How often the tokens of open sockets are looked at again: they may have been revoked. */
  readonly tokenCheckMs?: number
  /** Counts what callers do; for this server alone, unless told. */
  readonly callers?: Callers
  /** Whether it listens; where it does not, connections that another process has taken are handed to it. */
  readonly isListening?: boolean
  newCorrelationId(): string
  /** Told of requests and operations. */
  readonly observer?: Observer
  /** What /metrics shows; there is nothing at /metrics where it is left out. */
  readonly exposition?: Exposition
  readonly tracing?: Tracing
  /** By which other nodes give commands to this one; they can't unless told. */
  readonly nodeToken?: string | undefined
}

export interface HttpServer {
  /** Empty where it does not listen. */
  readonly url: string
  /** Serves a connection that was taken elsewhere, and that nothing was read from. */
  take(connection: Socket): void
  /** Takes no more, answers what was taken, then resolves. */
  close(): Promise<void>
}

/** What requests are counted by; all else is counted together. */
const ROUTES: ReadonlySet<string> = new Set(['/', '/graphql', '/graphiql', '/healthz', '/readyz', '/metrics', FORWARDED_PATH])

const ANY_ORIGIN = 'http://localhost'
/** What was taken is answered within this time after the server was told to go, or not at all. */
const GRACE_MS = 5_000

/** Of a server that has more to do than it can: long enough that those who come again are a small part of it. */
const RETRY_AFTER_MS = 1_000

const CORRELATION_ID = /^[\w.:-]{1,128}$/

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { inventory, authenticator, logger, host, port, limits = DEFAULT_LIMITS, introspection = true, explorer = true } = options
  const { exposition, observer = unobserved, tracing = untraced } = options
  const pages = createPages({ explorer })
  const origins = createOrigins(options.corsOrigins ?? [])
  const trust = options.trustedDocuments && trustOnly(options.trustedDocuments)
  const beginOperation = createOperations(observer)
  const schema = await createSchema()
  const correlationIdOf = (given: unknown): string => (typeof given === 'string' && CORRELATION_ID.test(given) ? given : options.newCorrelationId())
  const callers = options.callers ?? createCallers(limits.caller)
  const shared = { ...options, schema, callers, introspection, trust, beginOperation, admit: createAdmission(schema, limits.query) }
  const graphql = await createGraphqlEdge({ ...shared, limits: limits.http })

  const forwarded = createForwarded({ inventory, logger, token: options.nodeToken })

  const server = createHttpServer(limits.http, callers, (request, response) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id'])
    response.setHeader('x-correlation-id', correlationId)
    response.setHeader('x-content-type-options', 'nosniff')
    if (!draining.take(response)) return
    answer(request, response, correlationId).catch((error: unknown) => {
      // Who goes away while it is sending has no answer to wait for.
      if (request.destroyed && !request.complete) return
      logger.error({ err: error, correlationId }, 'A request failed.')
      send(response, 500, withError('Something went wrong here.', 'INTERNAL'))
    })
  })
  const draining = createDraining(server)
  const load = createLoad(limits.http.busyRequestsMax)
  const sockets = serveWebSocket(server, {
    ...shared,
    origins,
    limits: limits.socket,
    correlationId: correlationIdOf,
  })
  if (options.isListening === false) watchConnections(server)
  else await listen(server, { port, host })

  async function answer(request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> {
    if (request.rawHeaders.length > 2 * limits.http.headersMax) {
      send(response, 431, withError(`A request has ${limits.http.headersMax} headers at the most.`, 'BAD_USER_INPUT'))
      return
    }
    const place = placeOf(request.url ?? '/')
    if (!place) {
      send(response, 400, withError('The path is none.', 'BAD_USER_INPUT'))
      return
    }
    const { pathname, search } = place
    const traceparent = observe(request, response, { correlationId, route: ROUTES.has(pathname) ? pathname : 'other' })
    switch (pathname) {
      case '/graphql':
        if (origins.answer(request, response)) return
        if (load.isFull()) {
          sendUnavailable(response, 'More is asked for than can be answered soon: ask again in a moment.', RETRY_AFTER_MS)
          return
        }
        await load.run(request, () => graphql.answer(request, response, search, { correlationId, ...(traceparent !== undefined && { traceparent }) }))
        return
      case FORWARDED_PATH: await forwarded(request, response); return
      case '/healthz': send(response, 200, { status: 'alive' }); return
      case '/readyz': {
        const { head, projected, reasons } = inventory.status()
        send(response, reasons.length === 0 ? 200 : 503, { status: reasons.length === 0 ? 'ready' : 'not ready', reasons, head, projected })
        return
      }
      default:
        if (pathname === '/metrics' && exposition) {
          if (!await identityOf({ authenticator, callers }, request, response)) return
          response.writeHead(200, { 'content-type': exposition.contentType }).end(await exposition.text())
          return
        }
        if (await pages.answer(request, response, pathname)) return
        send(response, 404, { error: `There is nothing at ${pathname}; the API is at /graphql.` })
    }
  }

  /** Tells of the request when it is over. Returns the traceparent of what is done for it, where it is traced. */
  function observe(request: IncomingMessage, response: ServerResponse, { correlationId, route }: Pick<RequestFacts, 'correlationId' | 'route'>): string | undefined {
    const startedAt = performance.now()
    const method = request.method ?? ''
    const span = route === '/graphql' ? tracing.begin(`${method} ${route}`, parentOf(request)) : undefined
    if (span) response.setHeader('traceresponse', span.traceparent)
    response.once('close', () => {
      const status = response.statusCode
      observer.request({ correlationId, route, method, status, milliseconds: performance.now() - startedAt })
      span?.end({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status, correlationId },
        status >= 500 ? `HTTP ${status}` : undefined)
    })
    return span?.traceparent
  }

  return {
    url: urlOf(server.address()),
    take(connection) { server.emit('connection', connection) },
    async close() {
      await Promise.all([draining.close(GRACE_MS), sockets.close(GRACE_MS)])
      await graphql.close()
    },
  }
}

interface Place { readonly pathname: string; readonly search: string }

/** Undefined where it is none. What nearly all ask for needs no parsing. */
function placeOf(url: string): Place | undefined {
  if (ROUTES.has(url)) return { pathname: url, search: '' }
  return URL.canParse(url, ANY_ORIGIN) ? new URL(url, ANY_ORIGIN) : undefined
}

/** Who asks may be part of a trace. */
const parentOf = ({ headers }: IncomingMessage): SpanOptions =>
  ({ kind: 'server', parent: headers.traceparent?.toString(), state: headers.tracestate?.toString() })
