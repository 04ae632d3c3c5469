import { spawnSync } from 'node:child_process'
import { segmentPath } from '../../src/infrastructure/event-log/segment.ts'
import { Campaign } from './campaign.ts'
import type { Tally } from './tally.ts'

/** What the kernel can be made to answer to the log's calls. */
export const FAILING_CALLS = [['fdatasync', 'EIO'], ['fdatasync', 'ENOSPC'], ['pwrite64', 'EIO'], ['pwrite64', 'ENOSPC']] as const
export type FailingCall = (typeof FAILING_CALLS)[number]

export const canInject = (): boolean => !spawnSync('strace', ['-V']).error

/** A process whose calls of this kind on the log fail again and again, to its end. */
export async function failingCalls(directory: string, [call, error]: FailingCall, seed: number, operations: number): Promise<Tally> {
  const campaign = new Campaign(directory)
  const every = `inject=${call}:error=${error}:when=5..${2 * operations}+5`
  const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', segmentPath(directory, 1), '-e', `trace=${call}`, '-e', every]
  const ended = await campaign.run({ seed, operations, segmentBytesMax: 1_000_000, under })
  const rest = ended === 0 && campaign.unanswered.length === 0 ? [] : [`it ended with ${ended ?? ''}, and ${campaign.unanswered.length} unanswered`]
  const found = await campaign.examine()
  return { ...found, violations: [...rest, ...found.violations] }
}
