import type { Status } from '../application/inventory.ts'
import type { Told } from './worker-sessions.ts'

/** What a worker was told of the server as a whole. */
export interface News {
  take(told: Told): void
  status(): Status
  /** Since when the read model is behind the log, where it is. Milliseconds since 1970. */
  behindSince(checkpoint: () => number): number | undefined
}

/** The process that writes tells of itself far more often. */
const SILENT_MS_MAX = 2_000
const SILENT = 'The process that writes does not answer.'

export function createNews(): News {
  let [last, takenAt]: [Told | undefined, number] = [undefined, 0]

  function told(): Told {
    if (last) return last
    throw new Error('Nothing was told yet.')
  }

  return {
    take(told) { [last, takenAt] = [told, performance.now()] },
    status() {
      const { status } = told()
      return performance.now() - takenAt < SILENT_MS_MAX ? status : { ...status, reasons: [...status.reasons, SILENT] }
    },
    behindSince(checkpoint) {
      const { behindSince, status: { head } } = told()
      return behindSince !== undefined && checkpoint() < head ? behindSince : undefined
    },
  }
}
