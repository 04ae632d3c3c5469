import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import type { Tally } from '../faults/tally.ts'

const HEAP_GAUGE = join(import.meta.dirname, '../faults/heap-gauge.ts')

/** What one caller may ask for is a limit of its own, and tried elsewhere. */
const UNLIMITED = { CALLER_CONNECTIONS_MAX: '20000', CALLER_SUBSCRIPTIONS_MAX: '20000', CALLER_REQUESTS_PER_SECOND: '1000000', CALLER_COST_PER_SECOND: '1000000000' }

/** A server in a process of its own, with mugs and tea in Lisbon. `start` is the cursor after which nothing has happened. */
export async function withServer(use: (server: ServerProcess, start: string) => Promise<Tally>): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'crowd-'))
  const server = await startServerProcess(directory, 0, UNLIMITED, [HEAP_GAUGE])
  try {
    for (const sku of ['MUG', 'TEA']) await server.mutate('registerProduct', { sku, name: sku }, 'cursor')
    const { cursor } = await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    return await use(server, cursor as string)
  } finally {
    await server.kill('SIGKILL')
    await rm(directory, { recursive: true })
  }
}

/** What the server holds in its heap and in buffers beside it, in megabytes, once all that nobody uses is let go. */
export async function heldMegabytes(server: ServerProcess): Promise<number> {
  const { heapUsed, external } = await server.memory()
  return (heapUsed + external) / 1_000_000
}

export async function subscribersOf(server: ServerProcess): Promise<number> {
  const { system } = (await server.query('{ system { subscribers } }')) as { system: { subscribers: number } }
  return system.subscribers
}

/** Of values in any order; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
