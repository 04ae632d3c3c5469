import 'reflect-metadata'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthorizer } from '../../application/access/authorized-inventory.ts'
import type { Inventory } from '../../application/inventory.ts'
import { type Exposition, type Observer, type RequestFacts, unobserved } from '../../application/observer.ts'
import type { Authenticator, Logger } from '../../application/ports.ts'
import { type Context, createContext } from '../graphql/context.ts'
import { formatError, maskedErrors } from '../graphql/errors.ts'
import { createOperations, observeOperations } from '../graphql/operations.ts'
import { createPreparedDocuments } from '../graphql/prepared-documents.ts'
import { createSchema } from '../graphql/schema.ts'
import { identityOf } from './authentication.ts'
import { BodyError, readJson } from './body.ts'
import { createPages } from './pages.ts'
import { ANSWER_HEADERS, createPreparedAnswers } from './prepared-answers.ts'
import { serveWebSocket } from './websocket.ts'

export interface HttpServerOptions {
  readonly inventory: Inventory
  readonly authenticator: Authenticator
  readonly logger: Logger
  /** Of this server, as its package names it. */
  readonly version: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  newCorrelationId(): string
  /** Told of requests and operations. */
  readonly observer?: Observer
  /** What /metrics shows; there is nothing at /metrics where it is left out. */
  readonly exposition?: Exposition
}

export interface HttpServer {
  readonly url: string
  /** Takes no more, answers what was taken, then resolves. */
  close(): Promise<void>
}

/** What requests are counted by; all else is counted together. */
const ROUTES: ReadonlySet<string> = new Set(['/', '/graphql', '/graphiql', '/healthz', '/readyz', '/metrics'])

const CORRELATION_ID = /^[\w.:-]{1,128}$/

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { inventory, authenticator, logger, host, port, exposition, observer = unobserved } = options
  const pages = createPages()
  const beginOperation = createOperations(observer)
  const authorize = createAuthorizer(inventory)
  const schema = await createSchema()
  const correlationIdOf = (given: unknown): string => (typeof given === 'string' && CORRELATION_ID.test(given) ? given : options.newCorrelationId())
  const documents = createPreparedDocuments(schema)
  const masked = maskedErrors(logger)
  const answerPrepared = createPreparedAnswers({ documents, beginOperation, onErrors: masked.log })
  const apollo = new ApolloServer<Context>({
    schema,
    formatError,
    plugins: [masked.plugin, observeOperations(beginOperation), documents.plugin, ApolloServerPluginCacheControlDisabled()],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  })
  await apollo.start()

  const server = createServer((request, response) => {
    const correlationId = correlationIdOf(request.headers['x-correlation-id'])
    response.setHeader('x-correlation-id', correlationId)
    answer(request, response, correlationId).catch((error: unknown) => {
      logger.error({ err: error, correlationId }, 'A request failed.')
      send(response, 500, { errors: [{ message: 'Something went wrong here.', extensions: { code: 'INTERNAL' } }] })
    })
  })
  const sockets = serveWebSocket(server, {
    ...options,
    schema,
    correlationId: correlationIdOf,
    beginOperation,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo

  async function answer(request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    observe(response, { correlationId, method: request.method ?? '', route: ROUTES.has(pathname) ? pathname : 'other' })
    switch (pathname) {
      case '/graphql': await graphql(request, response, search, correlationId); return
      case '/healthz': send(response, 200, { status: 'alive' }); return
      case '/readyz': {
        const { head, projected, reasons } = inventory.status()
        send(response, reasons.length === 0 ? 200 : 503, { status: reasons.length === 0 ? 'ready' : 'not ready', reasons, head, projected })
        return
      }
      default:
        if (pathname === '/metrics' && exposition) {
          if (!await identityOf(authenticator, request, response)) return
          response.writeHead(200, { 'content-type': exposition.contentType }).end(await exposition.text())
          return
        }
        if (await pages.answer(request, response, pathname)) return
        send(response, 404, { error: `There is nothing at ${pathname}; the API is at /graphql.` })
    }
  }

  function observe(response: ServerResponse, request: Omit<RequestFacts, 'status' | 'milliseconds'>): void {
    const startedAt = performance.now()
    response.once('close', () => {
      observer.request({ ...request, status: response.statusCode, milliseconds: performance.now() - startedAt })
    })
  }

  async function graphql(request: IncomingMessage, response: ServerResponse, search: string, correlationId: string): Promise<void> {
    const identity = await identityOf(authenticator, request, response)
    if (!identity) return
    let body: unknown
    try {
      body = request.method === 'POST' ? await readJson(request) : undefined
    } catch (error) {
      if (!(error instanceof BodyError)) throw error
      send(response, error.status, { errors: [{ message: error.message, extensions: { code: 'BAD_USER_INPUT' } }] })
      return
    }
    const context = (): Context => createContext(authorize(identity), { correlationId }, options.version)
    const prepared = await answerPrepared(request, body, context)
    if (prepared !== undefined) {
      response.writeHead(200, { ...ANSWER_HEADERS, 'content-length': Buffer.byteLength(prepared) }).end(prepared)
      return
    }
    const headers = new HeaderMap()
    for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
      context: () => Promise.resolve(context()),
    })
    response.setHeader('cache-control', 'no-store')
    for (const [name, value] of result.headers) response.setHeader(name, value)
    response.statusCode = result.status ?? 200
    if (result.body.kind === 'complete') {
      response.end(result.body.string)
      return
    }
    for await (const chunk of result.body.asyncIterator) response.write(chunk)
    response.end()
  }

  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve() }) })
      server.closeIdleConnections()
      await sockets.close()
      await closed
      await apollo.stop()
    },
  }
}

function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
}
