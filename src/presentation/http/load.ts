import type { EventEmitter } from 'node:events'
import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** What the server is asked for at a time, and whether it has time for more. */
export interface Load {
  /** Whether a request that comes in now is to be refused, as it would have to wait too long. */
  isFull(): boolean
  /** Does the work, which counts from when the request is there as a whole until it is answered. */
  run(request: Pick<EventEmitter, 'once' | 'off'>, work: () => Promise<void>): Promise<void>
}

/** Of all time so far, or between two of them: see performance.eventLoopUtilization. */
export type Utilization = (later?: EventLoopUtilization, earlier?: EventLoopUtilization) => EventLoopUtilization

/** A server that waits for less than a quarter of its time can't take much more. */
const BUSY = 0.75
/** A burst may take so long until it counts. */
const WINDOW_MS = 100

/**
 * Where more comes in than can be answered, all of it would wait longer and longer, and most of it for nothing: so a busy
 * server works on a few requests at a time, which is all that it takes to stay busy, and refuses the others at once,
 * which costs little. Those who wait for a disk or for a client that is slow stand in nobody's way, however many they are.
 */
export function createLoad(
  busyRequestsMax: number, utilization: Utilization = performance.eventLoopUtilization, now: () => number = () => performance.now(),
): Load {
  let atWork = 0
  let isBusy = false
  let [before, lookedAt]: [EventLoopUtilization, number] = [utilization(), now()]

  function look(): void {
    if (now() - lookedAt < WINDOW_MS) return
    const current = utilization()
    isBusy = utilization(current, before).utilization > BUSY
    ;[before, lookedAt] = [current, now()]
  }

  return {
    isFull() {
      look()
      return isBusy && atWork >= busyRequestsMax
    },
    async run(request, work) {
      let uncount = (): void => undefined
      const count = (): void => {
        atWork += 1
        uncount = () => { atWork -= 1 }
      }
      request.once('end', count)
      try {
        await work()
      } finally {
        request.off('end', count)
        uncount()
      }
    },
  }
}
