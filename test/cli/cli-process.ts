import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Composition, compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { verifyLog } from '../../src/infrastructure/event-log/verify.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { silent } from '../application/test-inventory.ts'
import { built } from '../built.ts'

export interface Exit { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export function spawnStockstream(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [built('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The command as a user runs it, in a process of its own, to its end. */
export const stockstream = (...args: readonly string[]): Promise<Exit> => toItsEnd(spawnStockstream(...args))

/** The same with this token at hand for servers that ask for one. */
export const stockstreamWith = (token: string, ...args: readonly string[]): Promise<Exit> => stockstreamIn({ STOCKSTREAM_TOKEN: token }, ...args)

/** The same with these settings. */
export const stockstreamIn = (environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Exit> =>
  toItsEnd(spawn(process.execPath, [built('cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } }))

async function toItsEnd(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Exit> {
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

/** A folder that goes when the tests are done. */
export async function temporaryFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'stockstream-cli-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Looks into a store that nobody has open. */
export async function withStore<Result>(directory: string, look: (composition: Composition) => Promise<Result>): Promise<Result> {
  const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent })
  try {
    return await look(composition)
  } finally {
    await composition.close()
  }
}

/** On hand by SKU and location. */
export const onHand = (directory: string): Promise<Readonly<Record<string, number>>> => withStore(directory, async ({ inventory }) => {
  const { items } = await inventory.queries.stockPage({ first: 1_000, orderBy: 'SKU', direction: 'ASC' })
  return Object.fromEntries(items.map((level) => [`${level.sku}@${level.location}`, level.onHand]))
})

export const headOf = async (directory: string): Promise<string> => (await verifyLog(directory)).head
