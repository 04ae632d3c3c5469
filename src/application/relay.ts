import type { EventStore, Logger, RecordedEvent } from './ports.ts'

/** Whoever is outside: gets events in the order of the log, each at least once. */
export interface Outlet {
  /** Resolves once they are kept there; rejects where it is not known whether all are. */
  publish(events: readonly RecordedEvent[]): Promise<void>
  close(): Promise<void>
}

/** How far the log is published, and who may do it for now: one node at a time, as long as it comes back. */
export interface RelayLedger {
  /** Up to where all is published, where it is this node's turn; undefined where it is another's. */
  claim(): Promise<number | undefined>
  /** All is published up to there. False where another node has taken over meanwhile. */
  advance(position: number): Promise<boolean>
  /** Others need not wait until this node no longer comes back. */
  release(): Promise<void>
}

export interface RelayPorts {
  readonly store: Pick<EventStore, 'head' | 'read' | 'onCommit'>
  readonly ledger: RelayLedger
  readonly outlet: Outlet
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** How often a node asks whether it is its turn, and says that it still is. */
const TURN_MS = 500

/**
 * Publishes the log: the log itself is the outbox, so that nothing is lost whatever ends when. Where that fails it goes
 * on from what is known to be published, so that events may come twice. Returns the way to stop.
 */
export function startRelay({ store, ledger, outlet, logger }: RelayPorts): () => Promise<void> {
  let isStopped = false
  let hasFailed = false
  let wake: () => void = () => undefined
  const leave = store.onCommit(() => { wake() })

  async function publishNext(): Promise<void> {
    const from = await ledger.claim()
    if (from === undefined) return
    for await (const events of store.read(from)) {
      await outlet.publish(events)
      if (isStopped || !await ledger.advance(events.at(-1)?.position ?? from)) return
    }
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const before = store.head()
      const isWell = await attempt()
      if (!isWell || store.head() === before) await pause(isWell)
    }
    await ledger.release().catch(() => undefined)
    await outlet.close()
  }

  async function attempt(): Promise<boolean> {
    try {
      await publishNext()
      if (hasFailed) logger.info({}, 'Events are published again.')
      hasFailed = false
      return true
    } catch (error) {
      if (!hasFailed) logger.warn({ err: error }, 'Events could not be published; it is tried again.')
      hasFailed = true
      return false
    }
  }

  /** Until something is recorded; after a failure until it is worth another try. */
  function pause(isWell: boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, TURN_MS)
      const go = (): void => {
        clearTimeout(timer)
        resolve()
      }
      wake = () => { if (isWell || isStopped) go() }
    })
  }

  const running = run()
  return async () => {
    isStopped = true
    leave()
    wake()
    await running
  }
}
