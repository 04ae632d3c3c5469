import { DomainError } from '../domain/errors.ts'
import type { Answer, Caller, Documented } from './commands/types.ts'
import { type Clock, type EventMetadata, type EventStore, type Ids, type RecordedEvent, VersionMismatch } from './ports.ts'
import { States } from './states.ts'
import type { AnyStream } from './streams.ts'
import { UnitOfWork } from './unit-of-work.ts'

/** One command, ready to be decided. */
export interface Execution<Result> {
  readonly caller: Caller
  readonly document?: Documented
  /** With the command's fingerprint: the same key with another one is refused. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined
  /** All streams that decide looks at. */
  readonly streams: readonly AnyStream[]
  /** Synchronous, so that nothing comes between the states and the append that is decided on them. */
  decide(work: UnitOfWork): void
  /** The answer, from what this unit decided and the events as they were recorded; none where nothing changed. */
  answer(work: UnitOfWork, events: readonly RecordedEvent[]): Result | Promise<Result>
  /** The first answer again, from the events of the command. */
  replay(events: readonly RecordedEvent[]): Result | Promise<Result>
}

export type Execute = <Result>(execution: Execution<Result>) => Promise<Answer<Result>>

export interface ExecutePorts {
  readonly store: EventStore
  readonly clock: Clock
  readonly ids: Ids
}

const CONFLICT_RETRIES_MAX = 20

/** Load, decide, append; again where somebody else was faster. */
export function createExecute({ store, clock, ids }: ExecutePorts): Execute {
  const states = new States(store)
  const keysInFlight = new Map<string, Promise<unknown>>()

  return async function execute(execution) {
    const { idempotency } = execution
    if (!idempotency) return attempt(execution)
    while (keysInFlight.has(idempotency.key)) await keysInFlight.get(idempotency.key)
    const answer = replayOrAttempt(execution, idempotency)
    const settled = answer.catch(() => undefined)
    keysInFlight.set(idempotency.key, settled)
    try {
      return await answer
    } finally {
      keysInFlight.delete(idempotency.key)
    }
  }

  async function replayOrAttempt<Result>(
    execution: Execution<Result>,
    { key, fingerprint }: NonNullable<Execution<Result>['idempotency']>,
  ): Promise<Answer<Result>> {
    const events = await store.command(key)
    const first = events?.[0]
    if (!events || !first) return attempt(execution)
    if (first.metadata.idempotency?.fingerprint !== fingerprint) {
      throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This idempotencyKey was used for another command: take a new one.', {}, ['idempotencyKey'])
    }
    return { result: await execution.replay(events), position: events.at(-1)?.position, replayed: true }
  }

  async function attempt<Result>(execution: Execution<Result>, retriesLeft = CONFLICT_RETRIES_MAX): Promise<Answer<Result>> {
    await loaded(execution.streams)
    const work = new UnitOfWork(states, clock.now())
    try {
      execution.decide(work)
    } catch (refusal) {
      await states.durable(execution.streams.map((stream) => stream.name))
      throw refusal
    }
    try {
      const events = await commit(work, execution)
      return { result: await execution.answer(work, events), position: events.at(-1)?.position, replayed: false }
    } catch (error) {
      if (!(error instanceof VersionMismatch) || retriesLeft === 0) throw error
      return attempt(execution, retriesLeft - 1)
    }
  }

  /** A stream may be let go while others are being loaded, so look until all are there at once. */
  async function loaded(streams: readonly AnyStream[]): Promise<void> {
    while (streams.some((stream) => !states.get(stream.name))) await states.load(streams)
  }

  async function commit(work: UnitOfWork, execution: Execution<unknown>): Promise<readonly RecordedEvent[]> {
    if (work.events.length === 0) {
      await states.durable(execution.streams.map((stream) => stream.name))
      return []
    }
    const durable = store.append({ streams: work.streams, events: stamped(work, execution) })
    const settle = [...work.changes].map(([name, held]) => states.advance(name, held, durable))
    try {
      const events = await durable
      for (const done of settle) done()
      return events
    } catch (error) {
      for (const { stream } of work.streams) states.forget(stream)
      throw error
    }
  }

  function stamped(work: UnitOfWork, { caller, document = {}, idempotency }: Execution<unknown>) {
    const { reference, note, occurredAt = work.now } = document
    const metadata: EventMetadata = { ...caller, ...(reference !== undefined && { reference }), ...(note !== undefined && { note }) }
    return work.events.map(({ stream, event }, index) => ({
      stream,
      event: {
        ...event,
        id: ids.next(),
        occurredAt,
        metadata: index === 0 && idempotency ? { ...metadata, idempotency: { ...idempotency, events: work.events.length } } : metadata,
      },
    }))
  }
}
