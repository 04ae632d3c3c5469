import { performance } from 'node:perf_hooks'

/** A timer that comes later than this tells that the process itself stood still. */
const LATENESS_MS_MAX = 500

/**
 * Acts when the time is over; returns the way to cancel. Where the process stood still meanwhile, stopped or busy, what
 * came in then has not been looked at yet: then the time begins anew.
 */
export function deadline(ms: number, act: () => void): () => void {
  let timer: NodeJS.Timeout
  const start = (): void => {
    const dueAt = performance.now() + ms
    timer = setTimeout(() => {
      if (performance.now() > dueAt + LATENESS_MS_MAX) start()
      else act()
    }, ms).unref()
  }
  start()
  return () => { clearTimeout(timer) }
}
