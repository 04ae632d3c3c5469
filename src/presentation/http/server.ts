import 'reflect-metadata'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Inventory } from '../../application/inventory.ts'
import type { Logger } from '../../application/ports.ts'
import { type Context, createContext } from '../graphql/context.ts'
import { formatError, logMasked } from '../graphql/errors.ts'
import { createSchema } from '../graphql/schema.ts'
import { BodyError, readJson } from './body.ts'

export interface HttpServerOptions {
  readonly inventory: Inventory
  readonly logger: Logger
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  newCorrelationId(): string
}

export interface HttpServer {
  readonly url: string
  /** Takes no more, answers what was taken, then resolves. */
  close(): Promise<void>
}

const CORRELATION_ID = /^[\w.:-]{1,128}$/

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { inventory, logger, host, port } = options
  const apollo = new ApolloServer<Context>({
    schema: await createSchema(),
    formatError,
    plugins: [logMasked(logger)],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  })
  await apollo.start()

  const server = createServer((request, response) => {
    const given = request.headers['x-correlation-id']
    const correlationId = typeof given === 'string' && CORRELATION_ID.test(given) ? given : options.newCorrelationId()
    response.setHeader('x-correlation-id', correlationId)
    answer(request, response, correlationId).catch((error: unknown) => {
      logger.error({ err: error, correlationId }, 'A request failed.')
      send(response, 500, { errors: [{ message: 'Something went wrong here.', extensions: { code: 'INTERNAL' } }] })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo

  async function answer(request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    switch (pathname) {
      case '/graphql': await graphql(request, response, search, correlationId); return
      case '/healthz': send(response, 200, { status: 'alive' }); return
      case '/readyz': {
        const { head, projected } = inventory.status()
        send(response, head === projected ? 200 : 503, { status: head === projected ? 'ready' : 'behind', head, projected })
        return
      }
      default: send(response, 404, { error: `There is nothing at ${pathname}; the API is at /graphql.` })
    }
  }

  async function graphql(request: IncomingMessage, response: ServerResponse, search: string, correlationId: string): Promise<void> {
    let body: unknown
    try {
      body = request.method === 'POST' ? await readJson(request) : undefined
    } catch (error) {
      if (!(error instanceof BodyError)) throw error
      send(response, error.status, { errors: [{ message: error.message, extensions: { code: 'BAD_USER_INPUT' } }] })
      return
    }
    const headers = new HeaderMap()
    for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
    const result = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers, search, body },
      context: () => Promise.resolve(createContext(inventory, { correlationId })),
    })
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
      await closed
      await apollo.stop()
    },
  }
}

function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
}
