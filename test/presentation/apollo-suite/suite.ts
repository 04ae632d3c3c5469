import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server'
import {
  type CreateServerForIntegrationTestsOptions, type CreateServerForIntegrationTestsResult, defineIntegrationTestSuite,
} from '@apollo/server-integration-testsuite'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCallers } from '../../../src/presentation/callers.ts'
import { askApollo } from '../../../src/presentation/http/apollo.ts'
import { BodyError, readJson } from '../../../src/presentation/http/body.ts'
import { createHttpServer } from '../../../src/presentation/http/connections.ts'
import { createDraining } from '../../../src/presentation/http/draining.ts'
import { send, withError } from '../../../src/presentation/http/send.ts'
import { DEFAULT_LIMITS } from '../../../src/presentation/limits.ts'

const { http, caller } = DEFAULT_LIMITS

/** The Apollo Server that the suite asks for, behind this server's own connections, limits, bodies and answers. */
async function createServer(
  config: ApolloServerOptions<BaseContext>, { context = () => Promise.resolve({}) }: CreateServerForIntegrationTestsOptions = {},
): Promise<CreateServerForIntegrationTestsResult> {
  const apollo = new ApolloServer(config)
  await apollo.start()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { search } = new URL(request.url ?? '/', 'http://localhost')
    const body = request.method === 'POST' ? await readJson(request, http.bodyBytesMax) : undefined
    await askApollo(apollo, request, response, { search, body, context })
  }

  const server = createHttpServer(http, createCallers(caller), (request, response) => {
    if (!draining.take(response)) return
    answer(request, response).catch((error: unknown) => {
      if (error instanceof BodyError) send(response, error.status, withError(error.message, 'BAD_USER_INPUT'))
      else send(response, 500, withError(String(error), 'INTERNAL'))
    })
  })
  const draining = createDraining(server)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return { server: apollo, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, extraCleanup: () => draining.close(0) }
}

defineIntegrationTestSuite(createServer)
