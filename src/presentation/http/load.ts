import type { EventEmitter } from 'node:events'

/** Whether the server has time for what comes in. */
export interface Load {
  /** Counts a request until it is answered; false where it would have to wait too long, and is not to be worked on. */
  take(response: Pick<EventEmitter, 'once'>): boolean
}

/** So many are worked on at a time however long that takes: a burst is no overload, nor is one command that holds up a few others. */
const ALWAYS_TAKEN = 128
/** A server that is at work for so long without a pause can't keep up with what comes in. */
const PAUSELESS_MS_MAX = 10

/**
 * Where more comes in than can be answered, all of it would wait longer and longer, and most of it for nothing: so it is
 * refused beyond what can be answered soon, which costs little. Those who wait for a disk or for a client that is slow
 * stand in nobody's way, however many they are: only a server that has no pause refuses.
 */
export function createLoad(now: () => number = () => performance.now()): Load {
  let taken = 0
  let startedAt: number | undefined

  function start(): number {
    setImmediate(() => { startedAt = undefined })
    return now()
  }

  return {
    take(response) {
      startedAt ??= start()
      if (taken >= ALWAYS_TAKEN && now() - startedAt > PAUSELESS_MS_MAX) return false
      taken += 1
      response.once('close', () => { taken -= 1 })
      return true
    },
  }
}
