/** Told of what has happened, for whoever counts it. What is told is made of names that are known beforehand and of numbers. */
import type { Commands } from './commands/types.ts'

export interface Observer {
  request(request: RequestFacts): void
  operation(operation: OperationFacts): void
  command(command: CommandFacts): void
  batch(batch: BatchFacts): void
  /** A batch could not be written. */
  batchFailed(): void
  projection(projection: ProjectionFacts): void
  answer(from: AnswerSource): void
}

/** An HTTP request that is over. */
export interface RequestFacts {
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
  readonly events: number
  readonly milliseconds: number
}

/** stale: kept, and told because the store could not be asked. */
export type AnswerSource = 'cache' | 'store' | 'stale'

/** Nobody counts. */
export const unobserved: Observer = {
  request: () => undefined,
  operation: () => undefined,
  command: () => undefined,
  batch: () => undefined,
  batchFailed: () => undefined,
  projection: () => undefined,
  answer: () => undefined,
}

/** What a collector reads: counts and readings as text, in the form that the content type names. */
export interface Exposition {
  readonly contentType: string
  text(): Promise<string>
}
