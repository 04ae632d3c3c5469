import { Campaign } from './campaign.ts'
import { POINTS } from './killing-files.ts'
import { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** Kills so many processes, every other at a named point, each time going on with a new one; then looks at all that was answered. */
export async function kills(directory: string, rounds: number, seed: number): Promise<Tally> {
  const campaign = new Campaign(directory)
  const random = new Random(seed)
  let killed = 0
  for (let round = 0; round < rounds; round++) {
    const point = round % 2 === 0 ? POINTS[(round / 2) % POINTS.length]! : undefined
    const times = point?.startsWith('segment') ? 1 + random.below(2) : 1 + random.below(60)
    const how = point === undefined ? { killAfter: 1 + random.below(300) } : { point, times }
    if (await campaign.run({ seed: seed * 1_000 + round, ...how }) === 'SIGKILL') killed += 1
  }
  const ended = await campaign.run({ seed: seed * 1_000 + rounds, operations: 5 })
  const rest = ended === 0 && campaign.unanswered.length === 0 ? [] : [`the last process ended with ${ended ?? ''}, and ${campaign.unanswered.length} unanswered`]
  const found = await campaign.examine()
  return { ...found, cycles: killed, violations: [...rest, ...found.violations] }
}
