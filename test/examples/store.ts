import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startServerProcess } from '../e2e/server-process.ts'

export interface Store {
  /** The server's /graphql. */
  readonly url: string
  act(field: string, input: object, selection?: string): Promise<Record<string, unknown>>
  /** Kills the server without a word and starts it again at the same place. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A server in a process of its own, with ten units of tea in Lisbon and four in Porto. */
export async function openStore(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-example-'))
  let server = await startServerProcess(directory)
  const { url } = server
  const act: Store['act'] = async (field, input, selection = '') => {
    const answer = await server.mutate(field, input, selection)
    if ((answer.userErrors as object[]).length > 0) throw new Error(`${field}: ${JSON.stringify(answer.userErrors)}`)
    return answer
  }
  await act('registerProduct', { sku: 'TEA', name: 'Tea, 250 g' })
  for (const [code, name, quantity] of [['LIS', 'Lisbon', 10], ['OPO', 'Porto', 4]] as const) {
    await act('openLocation', { code, name })
    await act('addStock', { sku: 'TEA', location: code, quantity })
  }
  return {
    url,
    act,
    async restart() {
      await server.kill('SIGKILL')
      server = await startServerProcess(directory, Number(new URL(url).port))
    },
    async close() {
      await server.kill('SIGTERM')
      await rm(directory, { recursive: true })
    },
  }
}

const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 20

/** Resolves when the assertion holds; rejects with what it says where it does not in good time. */
export async function eventually(assertion: () => void): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      assertion()
      return
    } catch (error) {
      if (Date.now() > until) throw error
    }
    await pause(LOOK_EVERY_MS)
  }
}
