import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Campaign } from './campaign.ts'
import { Random } from './random.ts'
import type { Tally } from './tally.ts'

/**
 * Where a process dies while it writes what is derived from the log: at a call of the system on one of SQLite's files,
 * within a commit (what is written ahead), a checkpoint (the database itself), or while the one that was made anew takes
 * the old one's place.
 */
export const DERIVED_POINTS = [
  { at: 'commit of the index', file: 'index.sqlite-wal', call: 'pwrite64', timesMax: 60, while: 'serving' },
  { at: 'commit of the read model', file: 'read-model.sqlite-wal', call: 'pwrite64', timesMax: 200, while: 'serving' },
  { at: 'checkpoint of the index', file: 'index.sqlite', call: 'pwrite64', timesMax: 12, while: 'serving' },
  { at: 'checkpoint of the read model', file: 'read-model.sqlite', call: 'pwrite64', timesMax: 12, while: 'serving' },
  { at: 'writing of a new read model', file: 'read-model.sqlite.new-wal', call: 'pwrite64', timesMax: 40, while: 'rebuilding' },
  { at: 'last writing of a new read model', file: 'read-model.sqlite.new', call: 'pwrite64', timesMax: 20, while: 'rebuilding' },
  { at: 'removal before the swap', file: 'read-model.sqlite-wal', call: 'unlink', timesMax: 1, while: 'rebuilding' },
  { at: 'swap', file: 'read-model.sqlite', call: 'rename', timesMax: 1, while: 'rebuilding' },
] as const
type DerivedPoint = (typeof DERIVED_POINTS)[number]

/** The command line under which a process is killed when it comes to the point the so-many-th time. */
const killedAt = ({ file, call }: DerivedPoint, directory: string, times: number): string[] =>
  ['strace', '-f', '-qq', '-o', '/dev/null', '-P', join(directory, file), '-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${times}`]

/** Goes through the points so many times; after each the next process goes on, and at the end the read model is what the log says. */
export async function derivedKills(directory: string, rounds: number, seed: number): Promise<Tally> {
  const campaign = new Campaign(directory)
  const random = new Random(seed)
  const violations: string[] = []
  let killed = 0
  await campaign.run({ seed: seed * 1_000, operations: 20 })
  for (let round = 1; round <= rounds; round++) {
    const point = DERIVED_POINTS[(round - 1) % DERIVED_POINTS.length]!
    const under = killedAt(point, directory, 1 + random.below(point.timesMax))
    const ended = point.while === 'serving'
      ? await campaign.run({ seed: seed * 1_000 + round, operations: 10, under })
      : (await ran([...under, ...commandLine('rebuild', directory)])).ended
    if (ended === 'SIGKILL') killed += 1
    else if (ended !== 0) violations.push(`a process that was to be killed at the ${point.at} ended with ${ended ?? ''}`)
  }
  const ended = await campaign.run({ seed: seed * 1_000 + rounds + 1, operations: 5 })
  if (ended !== 0 || campaign.unanswered.length > 0) violations.push(`the last process ended with ${ended ?? ''}, and ${campaign.unanswered.length} unanswered`)
  const verified = await ran(commandLine('verify', directory))
  if (verified.ended !== 0) violations.push(verified.output)
  const found = await campaign.examine()
  return { ...found, cycles: killed, violations: [...violations, ...found.violations] }
}

const commandLine = (command: string, directory: string): string[] =>
  [process.execPath, '--import', 'tsx', 'src/cli/main.ts', command, '--store', directory]

async function ran([command = '', ...rest]: readonly string[]): Promise<{ readonly ended: number | string | null; readonly output: string }> {
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [[code, signal], ...output] = await Promise.all([once(child, 'exit') as Promise<[number | null, string | null]>, text(child.stdout), text(child.stderr)])
  return { ended: code ?? signal, output: output.join('') }
}
