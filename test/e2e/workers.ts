import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Connection, connectTo } from './connection.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

export const WORKERS = 2

/** A server of several processes with a product and a location, and connections that are spread over its workers. */
export interface ManyProcesses {
  readonly server: ServerProcess
  readonly directory: string
  /** So many new connections: each goes to the worker that has the fewest. */
  connect(count: number): readonly Connection[]
  /** Of the workers that run now. */
  pids(): readonly number[]
  close(): Promise<void>
}

export async function startManyProcesses(environment: NodeJS.ProcessEnv = {}): Promise<ManyProcesses> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-workers-'))
  const server = await startServerProcess(directory, 0, { WORKERS: String(WORKERS), ...environment })
  const open: Connection[] = []
  return {
    server,
    directory,
    connect(count) {
      const made = Array.from({ length: count }, () => connectTo(server.url))
      open.push(...made)
      return made
    },
    pids: () => childrenOf(server.pid),
    async close() {
      for (const connection of open) connection.close()
      if (isAlive(server.pid)) await server.kill('SIGKILL')
      await rm(directory, { recursive: true })
    },
  }
}

export async function openShop({ mutate }: Pick<ServerProcess, 'mutate'>): Promise<void> {
  await mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
  await mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
}

export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)

/** One that has ended and was not asked for its end yet is not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Looks again and again until it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await wait(20)
}

export const ADD = 'mutation ($input: AddStockInput!) { addStock(input: $input) { cursor replayed userErrors { code message } stockLevel { version quantities { onHand } } } }'
export const LEVEL = 'query ($atLeast: Cursor) { stockLevel(sku: "MUG", location: "LIS", atLeast: $atLeast) { version quantities { onHand } } }'
export const addition = (idempotencyKey?: string): object => ({ input: { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey } })
