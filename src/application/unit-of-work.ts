import { fold } from '../domain/decider.ts'
import { DomainError } from '../domain/errors.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { Documented } from './commands/types.ts'
import type { Held, States } from './states.ts'
import type { StreamAppend } from './ports.ts'
import type { AnyStream, Stream } from './streams.ts'

export interface DispatchOptions {
  /** The version that the caller has seen. */
  readonly expectedVersion?: number | undefined
  /** What the events are kept with, where it is not the whole command's. */
  readonly document?: Documented
}

export interface Decided {
  readonly stream: string
  readonly event: DomainEvent
  readonly document: Documented | undefined
}

/**
 * One command's look at the streams and what it makes of them. Nothing outside changes before it is committed,
 * so that a refusal half-way leaves no trace.
 */
export class UnitOfWork {
  readonly #before = new Map<string, Held>()
  readonly #after = new Map<string, Held>()
  readonly events: Decided[] = []

  constructor(private readonly states: States, readonly now: number) {}

  version(stream: Pick<AnyStream, 'name'>): number {
    return this.#held(stream.name).version
  }

  /** The version that stands in the log, or is on its way there: without what this unit has decided itself. */
  seenVersion({ name }: Pick<AnyStream, 'name'>): number {
    const { version } = this.#held(name)
    return this.#before.get(name)?.version ?? version
  }

  state<State>(stream: Stream<State, never, never> | Pick<AnyStream, 'name'>): State {
    return this.#held(stream.name).state as State
  }

  /** What is made of the state without changing it. A refusal carries the version that it was decided at. */
  check<State, Command, Event extends DomainEvent, Value>(stream: Stream<State, Command, Event>, check: (state: State) => Value): Value {
    const { state } = this.#held(stream.name)
    return decided(() => check(state as State), this.seenVersion(stream))
  }

  /**
   * Decides on the state with all that this unit has decided before. A refusal carries the version that it was
   * decided at; VERSION_CONFLICT where that is not the one that the caller has seen.
   */
  dispatch<State, Command, Event extends DomainEvent>(
    stream: Stream<State, Command, Event>,
    command: Command,
    { expectedVersion, document }: DispatchOptions = {},
  ): void {
    const { state, version } = this.#held(stream.name)
    const events = decided(() => {
      if (expectedVersion !== undefined && expectedVersion !== version) throw conflict(expectedVersion, version)
      return stream.decider.decide(state as State, command)
    }, this.seenVersion(stream))
    if (events.length === 0) return
    for (const event of events) this.events.push({ stream: stream.name, event, document })
    this.#after.set(stream.name, {
      state: fold(stream.decider, state as State, events),
      version: version + events.length,
    })
  }

  /** Every stream that the decision rests on, at the version that it was decided at. */
  get streams(): readonly StreamAppend[] {
    return [...this.#before].map(([stream, { version, eventId }]) =>
      eventId === undefined ? { stream, expectedVersion: version } : { stream, expectedVersion: version, eventId })
  }

  /** Every stream that the decision rests on, as it was before it. */
  get seen(): ReadonlyMap<string, Held> {
    return this.#before
  }

  /** Every stream that the decision changed, as it is after it. */
  get changes(): ReadonlyMap<string, Held> {
    return this.#after
  }

  #held(name: string): Held {
    const changed = this.#after.get(name)
    if (changed) return changed
    const held = this.states.get(name)
    if (!held) throw new Error(`Stream ${name} was not loaded before the decision.`)
    this.#before.set(name, held)
    return held
  }
}

const conflict = (expectedVersion: number, actualVersion: number): DomainError =>
  new DomainError(
    'VERSION_CONFLICT',
    `It is at version ${actualVersion}, not ${expectedVersion}: read it again.`,
    { expectedVersion, actualVersion },
    ['expectedVersion'],
  )

function decided<Value>(decide: () => Value, version: number): Value {
  try {
    return decide()
  } catch (error) {
    throw error instanceof DomainError ? error.with({ version }) : error
  }
}
