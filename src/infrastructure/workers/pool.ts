import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../../application/ports.ts'
import { told } from './calls.ts'
import { startWorker, type TakenConnection, type WorkerProcess, type WorkerProcessOptions } from './worker-process.ts'

export interface WorkerPoolOptions extends Omit<WorkerProcessOptions, 'number'> {
  readonly count: number
  readonly logger: Logger
  /** Told of a worker that has ended, whatever its end was. */
  onEnd(worker: WorkerProcess): void
}

export interface WorkerPool {
  /** Of those that answer. */
  workers(): readonly WorkerProcess[]
  /** Has the worker with the fewest connections serve this one. */
  give(taken: TakenConnection): void
  /** Tells all. */
  tell(name: string, ...values: readonly unknown[]): void
  /** Has all answer what they have taken and end. What does not within `graceMs` is killed. */
  close(graceMs: number): Promise<void>
}

/** One that has lived shorter is not replaced at once: what ends it may end the next. */
const YOUNG_MS = 5_000
const AGAIN_MS = 100
const AGAIN_MS_MAX = 5_000
/** One that leaves so much unread is stuck: it would take all memory. */
const UNREAD_BYTES_MAX = 134_217_728

/** Starts the workers, and another one for each that ends. Rejects where one can't be started at first. */
export async function startWorkers(options: WorkerPoolOptions): Promise<WorkerPool> {
  const ready = new Set<WorkerProcess>()
  const all = new Set<WorkerProcess>()
  let unserved: TakenConnection[] = []
  let isClosing = false
  const isOver = (): boolean => isClosing

  async function start(number: number): Promise<void> {
    const worker = startWorker({ ...options, number })
    all.add(worker)
    void worker.ended.then(() => { leave(worker) })
    await worker.ready
    ready.add(worker)
    const waiting = unserved
    unserved = []
    waiting.forEach(give)
    void worker.ended.then((cause) => replace(worker, cause))
  }

  function leave(worker: WorkerProcess): void {
    all.delete(worker)
    ready.delete(worker)
    options.onEnd(worker)
    worker.unsent().forEach(give)
  }

  async function replace({ number, startedAt }: WorkerProcess, cause: string): Promise<void> {
    for (let pauseMs = performance.now() - startedAt < YOUNG_MS ? AGAIN_MS : 0; !isOver(); pauseMs = Math.min(AGAIN_MS_MAX, 2 * pauseMs || AGAIN_MS)) {
      options.logger.warn({ worker: number, cause }, 'A worker has ended: another one is started.')
      await wait(pauseMs, undefined, { ref: false })
      if (isOver()) return
      try {
        await start(number)
        return
      } catch (error) {
        options.logger.error({ worker: number, err: error }, 'A worker could not be started; it is tried again.')
      }
    }
  }

  function give(taken: TakenConnection): void {
    const [first, ...others] = ready
    if (first) others.reduce((fewest, worker) => (worker.connections() < fewest.connections() ? worker : fewest), first).take(taken)
    else if (isClosing) taken.connection.destroy()
    else unserved.push(taken)
  }

  const started = await Promise.allSettled(Array.from({ length: options.count }, (_, index) => start(index + 1)))
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    isClosing = true
    for (const worker of all) worker.kill()
    throw failed.reason
  }

  return {
    workers: () => [...ready],
    give,
    tell(name, ...values) {
      const text = told(name, ...values)
      // Also those that begin: they read it once they have begun.
      for (const worker of all) {
        if (worker.unreadBytes() > UNREAD_BYTES_MAX) worker.kill()
        else worker.sendText(text)
      }
    },
    async close(graceMs) {
      isClosing = true
      for (const { connection } of unserved) connection.destroy()
      for (const worker of all) worker.calls.tell('stop')
      const killing = setTimeout(() => { for (const worker of all) worker.kill() }, graceMs)
      await Promise.all([...all].map(({ ended }) => ended))
      clearTimeout(killing)
    },
  }
}
