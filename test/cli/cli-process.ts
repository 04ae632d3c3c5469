import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import ts from 'typescript'
import { type Composition, compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { verifyLog } from '../../src/infrastructure/event-log/verify.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { silent } from '../application/test-inventory.ts'

export interface Exit { readonly code: number | null; readonly stdout: string; readonly stderr: string }

const ROOT = join(import.meta.dirname, '../..')
let built: string | undefined

/** The sources compiled as they are shipped, once for all tests: each process starts three times as fast as from the sources. */
function build(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stockstream-dist-'))
  process.once('exit', () => { rmSync(folder, { recursive: true }) })
  for (const name of ['node_modules', 'package.json', 'samples']) symlinkSync(join(ROOT, name), join(folder, name))
  const { compilerOptions } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config as { compilerOptions: object }
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, module: 'esnext', moduleResolution: 'bundler' }, ROOT)
  for (const name of readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$/.test(file))) {
    const output = join(folder, 'dist', name.replace(/ts$/, 'js'))
    mkdirSync(dirname(output), { recursive: true })
    writeFileSync(output, ts.transpile(readFileSync(join(ROOT, 'src', name), 'utf8'), options))
  }
  return join(folder, 'dist/cli/main.js')
}

export function spawnStockstream(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  built ??= build()
  return spawn(process.execPath, [built, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The command as a user runs it, in a process of its own, to its end. */
export const stockstream = (...args: readonly string[]): Promise<Exit> => toItsEnd(spawnStockstream(...args))

/** The same with this token at hand for servers that ask for one. */
export const stockstreamWith = (token: string, ...args: readonly string[]): Promise<Exit> =>
  toItsEnd(spawn(process.execPath, [built ??= build(), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, STOCKSTREAM_TOKEN: token } }))

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
