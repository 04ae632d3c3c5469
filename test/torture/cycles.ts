import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sum, type Tally } from '../faults/tally.ts'

/** In a folder of its own, which goes again. */
export async function inFolder(use: (directory: string) => Promise<Tally>): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'torture-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** So many times, one after the other. */
export async function each(cycles: number, run: (n: number) => Promise<Tally>): Promise<Tally> {
  const tallies: Tally[] = []
  for (let n = 0; n < cycles; n++) tallies.push(await run(n))
  return sum(tallies)
}

export const isRoot = (): boolean => process.getuid?.() === 0
