/** Told of what has happened, for whoever counts it or writes it down. */
import type { Caller, Commands } from './commands/types.ts'
import type { RecordedEvent } from './ports.ts'

export interface Observer {
  request(request: RequestFacts): void
  operation(operation: OperationFacts): void
  command(command: CommandFacts): void
  step(step: StepFacts): void
  batch(batch: BatchFacts, events: readonly RecordedEvent[]): void
  /** A batch could not be written. */
  batchFailed(): void
  projection(projection: ProjectionFacts, events: readonly RecordedEvent[]): void
  answer(from: AnswerSource): void
  delivery(delivery: DeliveryFacts): void
}

/** An HTTP request that is over. */
export interface RequestFacts {
  readonly correlationId: string
  readonly method: string
  /** A pattern of ours, never what a client made up. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
}

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'invalid'
export type Transport = 'http' | 'websocket'

/** A GraphQL operation that is over; invalid: it could not begin. */
export interface OperationFacts {
  readonly caller: Caller
  /** As the client calls it: not to be counted by. */
  readonly name: string | undefined
  readonly kind: OperationKind
  readonly transport: Transport
  /** OK, or the code of the first error. */
  readonly outcome: string
  /** Answered by a document that was compiled before. */
  readonly isPrepared: boolean
  readonly milliseconds: number
}

export type CommandOutcome = 'done' | 'replayed' | 'unchanged' | 'refused' | 'unavailable' | 'failed'

export interface CommandFacts {
  readonly command: keyof Commands
  readonly outcome: CommandOutcome
  readonly milliseconds: number
}

/** A part of a command that is over. */
export interface StepFacts {
  /** forward: it was given to another node. */
  readonly step: 'decide' | 'append' | 'forward'
  readonly caller: Caller
  readonly milliseconds: number
  /** Where the last of the events stands that were appended. */
  readonly position?: number | undefined
  /** Why it could not be done. */
  readonly failure?: string
}

/** A batch that is on disk. */
export interface BatchFacts {
  readonly appends: number
  readonly events: number
  readonly bytes: number
  /** Of the write and of the sync after it. */
  readonly writeMs: number
  readonly syncMs: number
}

export interface ProjectionFacts {
  readonly milliseconds: number
}

/** refused: answered with anything else than a receipt; gone: it wants no more; unanswered: nobody could be reached in time. */
export type AttemptOutcome = 'delivered' | 'refused' | 'gone' | 'unanswered'

/** An attempt to tell an endpoint of an event. */
export interface DeliveryFacts {
  readonly outcome: AttemptOutcome
  readonly milliseconds: number
}

/** stale: kept, and told because the store could not be asked. */
export type AnswerSource = 'cache' | 'store' | 'stale'

/** Nobody wants to know. */
export const unobserved: Observer = {
  request: () => undefined,
  operation: () => undefined,
  command: () => undefined,
  step: () => undefined,
  batch: () => undefined,
  batchFailed: () => undefined,
  projection: () => undefined,
  answer: () => undefined,
  delivery: () => undefined,
}

/** What a collector reads: counts and readings as text, in the form that the content type names. */
export interface Exposition {
  readonly contentType: string
  text(): Promise<string>
}

/** Tells each of them. */
export function allOf(...observers: readonly Observer[]): Observer {
  return {
    request(facts) { for (const observer of observers) observer.request(facts) },
    operation(facts) { for (const observer of observers) observer.operation(facts) },
    command(facts) { for (const observer of observers) observer.command(facts) },
    step(facts) { for (const observer of observers) observer.step(facts) },
    batch(facts, events) { for (const observer of observers) observer.batch(facts, events) },
    batchFailed() { for (const observer of observers) observer.batchFailed() },
    projection(facts, events) { for (const observer of observers) observer.projection(facts, events) },
    answer(from) { for (const observer of observers) observer.answer(from) },
    delivery(facts) { for (const observer of observers) observer.delivery(facts) },
  }
}
