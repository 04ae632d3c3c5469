import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillAndFree, mountSmallDisk } from '../faults/full-disk.ts'
import { kills } from '../faults/kills.ts'
import { cutEverywhere } from '../faults/power-cut.ts'
import { followThroughKills } from '../faults/subscribers.ts'
import { canInject, failingCalls, FAILING_CALLS } from '../faults/system-calls.ts'
import { sum, type Tally } from '../faults/tally.ts'
import { standStill, stepAheadAndBack, whileMeddled } from '../faults/time.ts'
import { crowd } from './crowd.ts'
import { overload } from './overload.ts'
import type { Scenario } from './scenario.ts'

const EVENTS = 200
const OPERATIONS = 60

const isRoot = (): boolean => process.getuid?.() === 0

async function inFolder(use: (directory: string) => Promise<Tally>): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'torture-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function each(cycles: number, run: (n: number) => Promise<Tally>): Promise<Tally> {
  const tallies: Tally[] = []
  for (let n = 0; n < cycles; n++) tallies.push(await run(n))
  return sum(tallies)
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'power cut at every step, simulated', cycles: 20,
    run: (cycles, seed) => each(cycles, async (n) => {
      const { images, appends } = await cutEverywhere(EVENTS, seed + n)
      return { cycles: images, acknowledged: appends, lost: 0, doubled: 0, refused: 0, violations: [] }
    }),
  },
  { name: 'kill -9 at named points and at random', cycles: 200, run: (cycles, seed) => inFolder((directory) => kills(directory, cycles, seed)) },
  {
    name: 'system calls that fail', cycles: 12, hindrance: () => (canInject() ? undefined : 'strace is not installed'),
    run: (cycles, seed) => each(cycles, (n) => inFolder((directory) => failingCalls(directory, FAILING_CALLS[n % FAILING_CALLS.length]!, seed + n, OPERATIONS))),
  },
  {
    name: 'full disk', cycles: 20, hindrance: () => (isRoot() ? undefined : 'only root can mount a small disk'),
    run: (cycles) => each(cycles, async (n) => {
      const disk = await mountSmallDisk()
      if (!disk) throw new Error('A small disk could not be mounted.')
      try {
        return await fillAndFree(disk.directory, 300_000 + (n * 37_777) % 700_000)
      } finally {
        await disk.remove()
      }
    }),
  },
  { name: 'clock an hour ahead and back', cycles: 10, run: (cycles) => each(cycles, () => whileMeddled(stepAheadAndBack)) },
  { name: 'stopped for 30 seconds', cycles: 2, run: (cycles) => each(cycles, () => whileMeddled(standStill(30_000))) },
  { name: '50 subscribers, and kill -9', cycles: 20, run: (kills, seed) => followThroughKills({ subscribers: 50, kills, seed }) },
  { name: 'sockets at once', cycles: 5_000, run: (sockets) => crowd(sockets) },
  { name: 'overload, for so many seconds', cycles: 30, run: overload },
]
