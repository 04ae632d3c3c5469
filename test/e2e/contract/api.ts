import { expect } from 'chai'
import type { FormattedExecutionResult } from 'graphql'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Coverage } from './coverage.ts'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a scenario asks for, it knows
export type Data = any

/** The server as a client sees it; what it answers is noted. */
export interface Api {
  /** The data of an answer without errors. */
  ask(query: string, variables?: object): Promise<Data>
  /** The payload of a mutation that is taken, with all that it says of itself. `headers` are the request's. */
  mutate(name: string, input: object, selection?: string, headers?: object): Promise<Data>
  /** The code of the refusal of a mutation. */
  refused(name: string, input: object): Promise<string>
  /** The first so many answers of a subscription. */
  follow(field: string, variables: Readonly<Record<string, readonly [type: string, value: unknown]>>, selection: string, count: number): Promise<Data[]>
  close(): Promise<void>
}

const PAYLOAD = 'cursor replayed userErrors { code message field details } ... on CommandPayload { cursor replayed userErrors { code } }'

/** With a token, where the server asks who it is. */
export function apiOf(url: string, coverage: Coverage, token?: string): Api {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socket = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: authorization })

  async function ask(query: string, variables: object = {}, headers: object = {}): Promise<Data> {
    const body = JSON.stringify({ query, variables })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...authorization, ...headers }, body })
    const { data, errors } = await response.json() as FormattedExecutionResult<Record<string, unknown>>
    expect(errors, `${query}\n${JSON.stringify(errors)}`).to.equal(undefined)
    coverage.note(query, variables as Record<string, unknown>, data ?? {})
    return data
  }

  async function payload(name: string, input: object, selection = '', headers = {}): Promise<Data> {
    const type = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input!`
    const data = await ask(`mutation($input: ${type}) { ${name}(input: $input) { ${PAYLOAD} ${selection} } }`, { input }, headers) as Record<string, unknown>
    return data[name]
  }

  return {
    ask,
    async mutate(name, input, selection, headers) {
      const answer = await payload(name, input, selection, headers) as { userErrors: unknown }
      expect(answer.userErrors, `${name}: ${JSON.stringify(answer.userErrors)}`).to.deep.equal([])
      return answer
    },
    async refused(name, input) {
      const { userErrors: [error] } = await payload(name, input) as { userErrors: { code: string }[] }
      expect(error, `${name} was not refused`).to.not.equal(undefined)
      return error?.code ?? ''
    },
    async follow(field, variables, selection, count) {
      const declared = Object.entries(variables).map(([name, [type]]) => `$${name}: ${type}`).join(', ')
      const args = Object.keys(variables).map((name) => `${name}: $${name}`).join(', ')
      const query = `subscription(${declared}) { ${field}(${args}) { ${selection} } }`
      const values = Object.fromEntries(Object.entries(variables).map(([name, [, value]]) => [name, value]))
      const found: unknown[] = []
      for await (const { data, errors } of socket.iterate({ query, variables: values })) {
        expect(errors, JSON.stringify(errors)).to.equal(undefined)
        coverage.note(query, values, data ?? {})
        found.push(data?.[field])
        if (found.length === count) break
      }
      return found
    },
    close: async () => { await socket.dispose() },
  }
}
