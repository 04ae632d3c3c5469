import { Campaign } from './campaign.ts'
import { Random } from './random.ts'
import type { Tally } from './tally.ts'

const CLIENTS = 32
/** Each client's, of a process. */
const OPERATIONS = 40

/**
 * Many clients at once on one stock level: they add, remove, reserve and read. Every other process is killed in the midst
 * of it, and what got no answer is sent to the next. Then all answers are held against the log.
 */
export async function linearizability(directory: string, rounds: number, seed: number): Promise<Tally> {
  const campaign = new Campaign(directory)
  const random = new Random(seed)
  const violations: string[] = []
  for (let round = 0; round < rounds; round++) {
    const isKilled = round % 2 === 1
    const killAfter = isKilled ? { killAfter: 1 + random.below(CLIENTS * OPERATIONS / 2) } : {}
    const ended = await campaign.run({ seed: seed * 1_000 + round, clients: CLIENTS, operations: OPERATIONS, segmentBytesMax: 1_000_000, ...killAfter })
    if (ended !== (isKilled ? 'SIGKILL' : 0)) violations.push(`process ${round} ended with ${ended ?? ''}`)
  }
  const ended = await campaign.run({ seed: seed * 1_000 + rounds, operations: 5 })
  if (ended !== 0 || campaign.unanswered.length > 0) violations.push(`the last process ended with ${ended ?? ''}, and ${campaign.unanswered.length} unanswered`)
  const found = await campaign.examine()
  return { ...found, cycles: rounds, violations: [...violations, ...found.violations] }
}
