import { DamageBench } from '../../faults/damage.ts'
import { DERIVED_FILES, type DerivedFile, DerivedFilesBench } from '../../faults/derived-files.ts'
import { DONE_PARTS, FailingDisk } from '../../faults/failing-disk.ts'
import { cutEverywhere } from '../../faults/power-cut.ts'
import { canInject, failingCalls, FAILING_CALLS } from '../../faults/system-calls.ts'
import { NOTHING, sum, type Tally } from '../../faults/tally.ts'
import { each, inFolder } from '../cycles.ts'
import type { Scenario } from '../scenario.ts'

/** Of a simulated disk's history. */
const EVENTS = 200
/** Each client's, where the kernel lets calls fail. */
const OPERATIONS = 60

/** The log itself, below all that uses it. */
export const logScenarios: readonly Scenario[] = [
  {
    name: 'power cut at every step, simulated', cycles: 10,
    run: (cycles, seed) => each(cycles, async (n) => {
      const { images, appends } = await cutEverywhere(EVENTS, seed + n)
      return { ...NOTHING, cycles: images, acknowledged: appends }
    }),
  },
  { name: 'failing disk, every call, simulated', cycles: 1, run: (cycles, seed) => each(cycles, (n) => everyCallFails(seed + n)) },
  { name: 'damage of the log', cycles: 5, run: (cycles, seed) => each(cycles, (n) => everyDamage(seed + n)) },
  { name: 'damage of the index and of the read model', cycles: 100, run: derivedDamage },
  {
    name: 'system calls that fail, EIO and ENOSPC', cycles: 8, hindrance: () => (canInject() ? undefined : 'strace is not installed'),
    run: (cycles, seed) => each(cycles, (n) => inFolder((directory) => failingCalls(directory, FAILING_CALLS[n % FAILING_CALLS.length]!, seed + n, OPERATIONS))),
  },
]

async function everyCallFails(seed: number): Promise<Tally> {
  const failing = new FailingDisk(EVENTS, seed)
  const tallies: Tally[] = []
  for (const part of DONE_PARTS) tallies.push(await failing.recovers(part))
  return sum([...tallies, await failing.dies(), await failing.runsFull()])
}

/** Of the segments: of the index it is told by its log lines, and so counted as cycles alone. */
async function everyDamage(seed: number): Promise<Tally> {
  const bench = await DamageBench.make(seed)
  try {
    const kinds = [() => bench.flipEveryByte(), () => bench.cutEveryLength(), () => bench.zeroEveryBlock(), () => bench.disorderRecords(), () => bench.takeAway(), () => bench.damageWhileRunning()]
    let refused = 0
    for (const damaged of kinds) refused += await damaged()
    return { ...NOTHING, cycles: refused + await bench.damageIndex(), refused }
  } finally {
    await bench.remove()
  }
}

/** Nothing is refused: what is damaged is made anew. */
async function derivedDamage(cycles: number, seed: number): Promise<Tally> {
  const bench = await DerivedFilesBench.make()
  try {
    const rebuilt: string[] = []
    for (const name of Object.keys(DERIVED_FILES) as DerivedFile[]) rebuilt.push(`${name} ${await bench.damage(name, cycles, seed)} times`)
    return { ...NOTHING, cycles: 2 * cycles, figures: [`made anew with a log line, of ${cycles} damages each: ${rebuilt.join(', ')}`] }
  } finally {
    await bench.remove()
  }
}
