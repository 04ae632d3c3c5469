import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Server, startServer } from '../../../src/cli/server.ts'
import { readConfig } from '../../../src/config.ts'
import type { GraphQLAnswer } from '../../presentation/test-server.ts'

export interface RunningServer extends Server {
  ask(query: string, headers?: Readonly<Record<string, string>>): Promise<GraphQLAnswer>
  /** The first answer to an operation over a socket of its own. */
  askOverSocket(query: string, extensions?: Record<string, unknown>): Promise<unknown>
  /** The lines of /metrics. */
  scrape(): Promise<readonly string[]>
}

/** All that `npm start` runs, on a free port and a store of its own. */
export async function startRunningServer(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-telemetry-'))
  const server = await startServer(readConfig({ PORT: '0', STORE_DIR: directory, LOG_LEVEL: 'silent', ...settings }))
  const { url } = server
  return {
    ...server,
    async ask(query, headers = {}) {
      const body = JSON.stringify({ query })
      const response = await fetch(`${url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
      return (await response.json()) as GraphQLAnswer
    },
    async askOverSocket(query, extensions = {}) {
      const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, lazy: true })
      try {
        for await (const answer of client.iterate({ query, extensions })) return answer
        return undefined
      } finally {
        await client.dispose()
      }
    },
    scrape: async () => (await (await fetch(`${url}/metrics`)).text()).split('\n'),
    async close() {
      await server.close()
      await rm(directory, { recursive: true })
    },
  }
}
