import { expect } from 'chai'
import type { Inventory } from '../../src/application/inventory.ts'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createPrometheus } from '../../src/infrastructure/telemetry/prometheus.ts'
import { type HttpServerOptions, startHttpServer } from '../../src/presentation/http/server.ts'
import { LENIENT_LIMITS } from './lenient-limits.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

export interface GraphQLError { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: { readonly code: string } }
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test asked for, it knows
export interface GraphQLAnswer { readonly data?: any; readonly errors?: readonly GraphQLError[] }

export interface TestServer {
  readonly url: string
  readonly test: TestInventory
  /** Whatever the answer is. */
  ask(query: string, variables?: object): Promise<GraphQLAnswer>
  /** The data of an answer without errors. */
  data(query: string, variables?: object): Promise<NonNullable<GraphQLAnswer['data']>>
  /** The mutation's payload. */
  mutate(name: string, input: object, selection?: string): Promise<NonNullable<GraphQLAnswer['data']>>
  close(): Promise<void>
}

export const inputType = (mutation: string): string => `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`

/** So that all that is asked here can be asked of prepared documents, and of none. */
const { PREPARE_AFTER } = process.env
const preparing = PREPARE_AFTER === undefined ? {} : { prepareAfter: Number(PREPARE_AFTER) }

/** The real server on a free port of the loopback, over the real application on a store of its own. */
export async function openTestServer(around = (inventory: Inventory): Inventory => inventory, options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const test = await openTestInventory()
  const { observer, exposition } = createPrometheus()
  const server = await startHttpServer({
    observer, exposition, inventory: around(test.inventory), authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next(), limits: LENIENT_LIMITS, ...preparing, ...options,
  })

  async function ask(query: string, variables: object = {}): Promise<GraphQLAnswer> {
    const body = JSON.stringify({ query, variables })
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    return (await response.json()) as GraphQLAnswer
  }

  async function data(query: string, variables?: object): Promise<unknown> {
    const answer = await ask(query, variables)
    expect(answer.errors, JSON.stringify(answer.errors)).to.equal(undefined)
    return answer.data
  }

  return {
    url: server.url,
    test,
    ask,
    data,
    async mutate(name, input, selection = '') {
      const query = `mutation($input: ${inputType(name)}!) { ${name}(input: $input) { cursor replayed userErrors { code message field details } ${selection} } }`
      return ((await data(query, { input })) as Record<string, object>)[name]!
    },
    async close() {
      await server.close()
      await test.close()
    },
  }
}
