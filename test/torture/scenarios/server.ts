import { DegradedInventory } from '../../faults/degradation.ts'
import { derivedKills } from '../../faults/derived-kills.ts'
import { fillAndFree, mountSmallDisk } from '../../faults/full-disk.ts'
import { kills } from '../../faults/kills.ts'
import { linearizability } from '../../faults/linearizability.ts'
import { stopUnderLoad } from '../../faults/shutdown.ts'
import { canInject } from '../../faults/system-calls.ts'
import { NOTHING, type Tally } from '../../faults/tally.ts'
import { standStill, stepAheadAndBack, whileMeddled } from '../../faults/time.ts'
import { each, inFolder, isRoot } from '../cycles.ts'
import type { Scenario } from '../scenario.ts'

const STOPPED_MS = 30_000
/** Once the breaker is open. */
const REFUSAL_MS_MAX = 100

/** One server, and what may happen to its process, its disk and its clock. */
export const serverScenarios: readonly Scenario[] = [
  { name: 'kill -9 at named points and at random', cycles: 200, run: (cycles, seed) => inFolder((directory) => kills(directory, cycles, seed)) },
  {
    name: 'kill -9 within what is derived from the log', cycles: 24, hindrance: () => (canInject() ? undefined : 'strace is not installed'),
    run: (cycles, seed) => inFolder((directory) => derivedKills(directory, cycles, seed)),
  },
  { name: 'linearizability, with kills and retries', cycles: 20, run: (cycles, seed) => inFolder((directory) => linearizability(directory, cycles, seed)) },
  {
    name: 'full disk of 2 MB, and freed', cycles: 20, hindrance: () => (isRoot() ? undefined : 'only root can mount a small disk'),
    run: (cycles) => each(cycles, fullDisk),
  },
  { name: 'degradation: the store fails, hangs and comes back', cycles: 10, run: (cycles) => each(cycles, (n) => degraded(n % 2 === 0 ? 'failing' : 'hanging')) },
  { name: 'clock an hour ahead and back', cycles: 6, run: (cycles) => each(cycles, () => whileMeddled(stepAheadAndBack)) },
  { name: 'stopped for 30 seconds', cycles: 2, run: (cycles) => each(cycles, () => whileMeddled(standStill(STOPPED_MS))) },
  { name: 'shutdown under load', cycles: 6, run: (cycles) => each(cycles, stopUnderLoad) },
]

/** Which of its files first finds no room depends on how much another takes. */
async function fullDisk(n: number): Promise<Tally> {
  const disk = await mountSmallDisk()
  if (!disk) throw new Error('A small disk could not be mounted.')
  try {
    return await fillAndFree(disk.directory, 300_000 + (n * 37_777) % 700_000)
  } finally {
    await disk.remove()
  }
}

async function degraded(mood: 'failing' | 'hanging'): Promise<Tally> {
  const server = await DegradedInventory.open()
  try {
    const { refusalMsMax, ...tally } = await server.whileAway(mood)
    const probes = await server.probes(20)
    return {
      ...NOTHING, ...tally,
      violations: [
        ...(refusalMsMax < REFUSAL_MS_MAX ? [] : [`${mood}: a refusal took ${refusalMsMax.toFixed(0)} ms`]),
        ...(probes === 1 ? [] : [`${mood}: ${probes} commands went through to see whether it is back`]),
      ],
    }
  } finally {
    await server.close()
  }
}
