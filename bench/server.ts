import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startProcess } from './process.ts'

/** A Stockstream as `npm start` runs it in production. */
export interface BenchServer extends ServerProcess {
  /** Of its GraphQL endpoint. */
  readonly url: string
  /** Of its store. */
  readonly directory: string
}

/** One caller asks for all that the server can give: what a caller's share is does not stand in its way. */
const NO_SHARE = { CALLER_REQUESTS_PER_SECOND: '1000000000', CALLER_COST_PER_SECOND: '1000000000', BUSY_REQUESTS_MAX: '1000' }

/** On a store of its own, which goes when it stops. */
export async function startServer(environment: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const directory = mkdtempSync(join(tmpdir(), 'stockstream-bench-'))
  const server = await serveStore(directory, environment)
  return {
    ...server,
    async stop() {
      await server.stop()
      rmSync(directory, { recursive: true })
    },
  }
}

/** The same on a store that stays. */
export async function serveStore(directory: string, environment: Readonly<Record<string, string>> = {}, cores?: string): Promise<BenchServer> {
  const server = await startProcess(['dist/main.js'], { PORT: '0', STORE_DIR: directory, LOG_LEVEL: 'error', NODE_ENV: 'production', ...NO_SHARE, ...environment }, cores)
  return { ...server, url: `${server.url}/graphql`, directory }
}
