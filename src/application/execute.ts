import { DomainError } from '../domain/errors.ts'
import { location } from '../domain/location.ts'
import { subjectOf } from '../domain/streams.ts'
import type { Answer, Caller, Documented } from './commands/types.ts'
import { Gate } from './gate.ts'
import { type Observer, unobserved } from './observer.ts'
import { alone as ownedByNobody, OwnedElsewhere, type Owners } from './ownership.ts'
import {
  type Append, type Clock, type EventStore, type Ids, isConflict, KeyTaken, type RecordedEvent, type Stillness, Unavailable, VersionMismatch,
} from './ports.ts'
import type { KnownRows } from './read-model.ts'
import { stampedEvents } from './stamped-events.ts'
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
  /** The location's stream where nothing else may go on there from `prepare` to the answer. */
  readonly alone?: AnyStream | undefined
  /** Everything is decided and answered, and nothing appended. */
  readonly dryRun?: boolean
  /** Another node has given it, or it is not to be given away: done here, whoever owns the streams. */
  readonly isHere?: boolean
  /** The server's own, of which there are few at a time: done also where clients take all the room there is. */
  readonly isInternal?: boolean
  /** Asks for what the streams' states don't hold; again with every attempt. */
  prepare?(): Promise<void>
  /** Synchronous, so that nothing comes between the states and the append that is decided on them. */
  decide(work: UnitOfWork): void
  /** What a replay needs and the events don't say, as plain JSON. */
  remember?(): unknown
  /** The answer, from what this unit decided and the events as they were recorded; none where nothing changed. */
  answer(work: UnitOfWork, events: readonly RecordedEvent[]): Result | Promise<Result>
  /** The first answer again, from the events of the command. */
  replay(events: readonly RecordedEvent[]): Result | Promise<Result>
}

export type Execute = <Result>(execution: Execution<Result>) => Promise<Answer<Result>>

export interface ExecutePorts {
  readonly store: EventStore
  readonly tables: KnownRows
  /** Resolves once the position is shown here, where others project. */
  reach?(position: number): Promise<void>
  readonly clock: Clock
  readonly ids: Ids
  /** So many commands are done at a time, and no more. */
  readonly commandsMax?: number
  /** Of what several nodes collide on; nobody owns anything where it is left out. */
  readonly owners?: Pick<Owners, 'elsewhere' | 'wanted' | 'collided'>
  readonly observer?: Pick<Observer, 'step'> | undefined
}

const CONFLICT_RETRIES_MAX = 60
/** Before another try where other nodes write too: by chance, so that not all come back at once. */
const RETRY_MS_MAX = 20
/** Larger ones are done where they come in: they would hold up what is small. */
const GIVEN_STREAMS_MAX = 100
const COMMANDS_IN_FLIGHT_MAX = 1_000
const RETRY_AFTER_MS = 250

/** Load, decide, append; again where somebody else was faster. */
export function createExecute({ store, tables, reach, clock, ids, commandsMax = COMMANDS_IN_FLIGHT_MAX, owners = ownedByNobody, observer = unobserved }: ExecutePorts): Execute {
  const states = new States(store, tables)
  const gate = new Gate()
  const keysInFlight = new Map<string, Promise<unknown>>()
  if (store.refresh) store.onCommit((events) => { states.passed(events) })

  let inFlight = 0
  /** How many appends have ended without it being known what became of them, and of how many of these it is known by now. */
  let [unknown, known] = [0, 0]

  /** What can't be done soon is refused at once: a queue that only grows would serve nobody. */
  return async function execute(execution) {
    if (inFlight >= commandsMax && execution.isInternal !== true) throw new Unavailable(`${commandsMax} commands are being done already: ask again in a moment.`, RETRY_AFTER_MS)
    requireHere(execution)
    inFlight += 1
    try {
      return await once(execution)
    } finally {
      inFlight -= 1
    }
  }

  function requireHere({ isHere, alone, streams }: Execution<unknown>): void {
    if (isHere === true) owners.wanted(streams)
    else if (!alone && streams.length <= GIVEN_STREAMS_MAX) {
      const owner = owners.elsewhere(streams)
      if (owner) throw new OwnedElsewhere(owner)
    }
  }

  async function once<Result>(execution: Execution<Result>): Promise<Answer<Result>> {
    const { idempotency } = execution
    if (!idempotency) return admitted(execution)
    while (keysInFlight.has(idempotency.key)) await keysInFlight.get(idempotency.key)
    const answer = replayed(execution, idempotency).then((earlier) => earlier ?? admittedWithKey(execution, idempotency))
    keysInFlight.set(idempotency.key, answer.catch(() => undefined))
    try {
      return await answer
    } finally {
      keysInFlight.delete(idempotency.key)
    }
  }

  /** On another node the same command may be faster. */
  async function admittedWithKey<Result>(execution: Execution<Result>, idempotency: NonNullable<Execution<Result>['idempotency']>): Promise<Answer<Result>> {
    try {
      return await admitted(execution)
    } catch (error) {
      const earlier = error instanceof KeyTaken ? await replayed(execution, idempotency) : undefined
      if (!earlier) throw error
      return earlier
    }
  }

  async function replayed<Result>(
    execution: Execution<Result>,
    { key, fingerprint }: NonNullable<Execution<Result>['idempotency']>,
  ): Promise<Answer<Result> | undefined> {
    await settled()
    const events = await store.command(key)
    const first = events?.[0]
    if (!events || !first) return undefined
    if (first.metadata.idempotency?.fingerprint !== fingerprint) {
      throw new DomainError('IDEMPOTENCY_KEY_REUSED', 'This idempotencyKey was used for another command: take a new one.', {}, ['idempotencyKey'])
    }
    // It may have been done at another node, and not be projected here yet.
    const position = events.at(-1)?.position ?? first.position
    if (store.refresh && tables.checkpoint() < position) await store.refresh().then(() => reach?.(position))
    return { result: await execution.replay(events), position, replayed: true }
  }

  /**
   * What the store did not answer in time it may still do. An append of nothing is answered after all that was asked for
   * before it: only then does the store know whether a key was used.
   */
  async function settled(): Promise<void> {
    if (unknown === known) return
    const upTo = unknown
    await store.append({ streams: [], events: [] })
    known = Math.max(known, upTo)
  }

  function admitted<Result>(execution: Execution<Result>): Promise<Answer<Result>> {
    const { alone, streams } = execution
    if (alone) return gate.own(alone.name, () => attempt(execution))
    const places = streams.filter(({ decider }) => decider === location).map(({ name }) => name)
    return gate.share(places, () => attempt(execution))
  }

  async function attempt<Result>(execution: Execution<Result>, retriesLeft = CONFLICT_RETRIES_MAX): Promise<Answer<Result>> {
    const still = stillnessOf(execution)
    await execution.prepare?.()
    await loaded(execution.streams)
    const work = new UnitOfWork(states, clock.now())
    try {
      const events = await (refused(work, execution) ?? commit(work, execution, still))
      return { result: await execution.answer(work, events), position: events.at(-1)?.position, replayed: false }
    } catch (error) {
      if (!isConflict(error) || error instanceof KeyTaken) throw error
      if (retriesLeft === 0) throw new Unavailable('What this command is about changes faster than it can be decided on: ask again.', RETRY_AFTER_MS, { cause: error })
      for (const [name, held] of work.seen) states.forget(name, held)
      if (error instanceof VersionMismatch) await owners.collided(error.stream)
      requireHere(execution)
      if (store.refresh) await Promise.all([store.refresh(), pause()])
      return attempt(execution, retriesLeft - 1)
    }
  }

  /** What the gate holds within this process, the store has to hold against others. */
  function stillnessOf({ alone }: Execution<unknown>): Stillness | undefined {
    const code = alone && store.refresh ? subjectOf(alone.name).location : undefined
    return code === undefined ? undefined : { location: code, position: tables.checkpoint() }
  }

  /** A stream may be let go while others are being loaded, so look until all are there at once. */
  async function loaded(streams: readonly AnyStream[]): Promise<void> {
    while (streams.some((stream) => !states.has(stream.name))) await states.load(streams)
  }

  /** Decides. A refusal is told once all that it rests on is durable. */
  function refused(work: UnitOfWork, { caller, streams, decide }: Execution<unknown>): Promise<never> | undefined {
    const startedAt = performance.now()
    try {
      decide(work)
      observer.step({ step: 'decide', caller, milliseconds: performance.now() - startedAt })
      return undefined
    } catch (refusal) {
      observer.step({ step: 'decide', caller, milliseconds: performance.now() - startedAt, failure: reasonOf(refusal) })
      return states.durable(streams.map((stream) => stream.name)).then(() => { throw refusal })
    }
  }

  async function commit(work: UnitOfWork, execution: Execution<unknown>, still: Stillness | undefined): Promise<readonly RecordedEvent[]> {
    if (work.events.length === 0 || execution.dryRun === true) {
      await unchanged(work, execution)
      return []
    }
    const events = stampedEvents(work, execution, ids)
    const durable = append(execution.caller, { streams: work.streams, events, ...(still && { still }) })
    const lastIds = new Map(events.map(({ stream, event }) => [stream, event.id]))
    const advances = [...work.changes].map(([name, held]) => states.advance(name, { state: held.state, version: held.version, eventId: lastIds.get(name) ?? '' }, durable))
    try {
      const recorded = await durable
      for (const advance of advances) advance.done()
      return recorded
    } catch (error) {
      for (const advance of advances) advance.failed()
      if (error instanceof Unavailable) unknown += 1
      throw error
    }
  }

  /** Where others write too, what is known here may be old. */
  async function unchanged(work: UnitOfWork, { streams }: Execution<unknown>): Promise<void> {
    await states.durable(streams.map((stream) => stream.name))
    if (store.refresh) await store.append({ streams: work.streams, events: [] })
  }

  async function append(caller: Caller, events: Append): Promise<readonly RecordedEvent[]> {
    const startedAt = performance.now()
    try {
      const recorded = await store.append(events)
      observer.step({ step: 'append', caller, milliseconds: performance.now() - startedAt, position: recorded.at(-1)?.position })
      return recorded
    } catch (error) {
      observer.step({ step: 'append', caller, milliseconds: performance.now() - startedAt, failure: reasonOf(error) })
      throw error
    }
  }
}

const pause = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, Math.random() * RETRY_MS_MAX) })

function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.code
  return error instanceof Error ? error.name : typeof error
}
