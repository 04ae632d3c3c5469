import { followThroughKills } from '../../faults/subscribers.ts'
import { crowd } from '../crowd.ts'
import { overload } from '../overload.ts'
import { slowSubscribers } from '../slow-subscribers.ts'
import type { Scenario } from '../scenario.ts'

/** Many clients at once, and such as do not behave. */
export const clientScenarios: readonly Scenario[] = [
  { name: '50 subscribers, and kill -9', cycles: 12, run: (kills, seed) => followThroughKills({ subscribers: 50, kills, seed }) },
  { name: 'slow subscribers', cycles: 3, run: slowSubscribers },
  { name: '5,000 sockets at once', cycles: 5_000, run: (sockets) => crowd(sockets) },
  { name: 'overload, for so many seconds', cycles: 75, run: overload },
]
