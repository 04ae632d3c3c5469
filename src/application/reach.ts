import { type EventBus, Unavailable } from './ports.ts'
import type { Projected, ProjectionTables } from './read-model.ts'

const WAIT_MS_MAX = 2_000

/** Waits until a position is projected here: at once on the node that wrote it, after a moment on others. */
export function createReach(tables: Pick<ProjectionTables, 'checkpoint'>, bus: EventBus<Projected>) {
  return async function reach(position: number): Promise<void> {
    if (tables.checkpoint() >= position) return
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        unsubscribe()
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Unavailable('What was written there has not arrived here in time: ask again.', 500))
      }, WAIT_MS_MAX)
      const unsubscribe = bus.subscribe(() => {
        if (tables.checkpoint() < position) return
        stop()
        resolve()
      })
    })
  }
}
