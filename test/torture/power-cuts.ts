import { join } from 'node:path'
import { Campaign } from '../faults/campaign.ts'
import { Random } from '../faults/random.ts'
import type { Tally } from '../faults/tally.ts'
import { DiskImage } from './disk-image.ts'

/** Cuts the power so many times: the disk as it is under load is what the next process finds. Only for root. */
export async function powerCuts(cuts: number, seed: number): Promise<Tally> {
  const disk = DiskImage.make()
  try {
    const campaign = new Campaign(join(disk.directory, 'store'))
    const random = new Random(seed)
    for (let cut = 1; cut <= cuts; cut++) {
      const beforeKill = (): Promise<void> => { disk.take(); return Promise.resolve() }
      const ended = await campaign.run({ seed: seed * 1_000 + cut, operations: 200, killAfter: 50 + random.below(1_000), beforeKill })
      if (ended !== 'SIGKILL') throw new Error(`Process ${cut} ended with ${ended ?? ''} before the power was cut.`)
      disk.goOnWithTaken()
    }
    const ended = await campaign.run({ seed: seed * 1_000, operations: 5 })
    const rest = ended === 0 && campaign.unanswered.length === 0 ? [] : [`the last process ended with ${ended ?? ''}, and ${campaign.unanswered.length} unanswered`]
    const found = await campaign.examine()
    return { ...found, cycles: cuts, violations: [...rest, ...found.violations] }
  } finally {
    disk.remove()
  }
}
