import type { ExecutionResult } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Change } from '../../application/changes.ts'
import type { Identity } from '../../application/access/identity.ts'
import { type NextFrames, nextFrames } from './next-frames.ts'

/** What a subscription is to be told of changes that follow each other. */
export interface Told {
  readonly results: readonly ExecutionResult[]
  /** The results as messages. Undefined where one has errors, as each is told of those under its own correlation id. */
  readonly frames: NextFrames | undefined
}

/** Subscriptions that ask the same by the same rights. */
export interface Audience {
  /**
   * What to tell of changes that one of them took together. Each change is executed once, and what is told of the same
   * ones serialised once, for as long as somebody holds what happened.
   */
  told(changes: readonly Change[], execute: (change: Change) => Promise<ExecutionResult>): Promise<Told>
}

export interface Audiences {
  /** Joins those who ask the same; their audience is kept until all of them have left. */
  join(question: string): { readonly audience: Audience; leave(): void }
}

export function createAudiences(): Audiences {
  const audiences = new Map<string, { readonly audience: Audience; members: number }>()
  return {
    join(question) {
      const joined = audiences.get(question) ?? { audience: createAudience(), members: 0 }
      audiences.set(question, joined)
      joined.members += 1
      return {
        audience: joined.audience,
        leave() {
          joined.members -= 1
          if (joined.members === 0) audiences.delete(question)
        },
      }
    },
  }
}

function createAudience(): Audience {
  const results = new WeakMap<object, Promise<ExecutionResult>>()
  const told = new WeakMap<object, Map<number, Promise<Told>>>()

  function resultOf(change: Change, execute: (change: Change) => Promise<ExecutionResult>): Promise<ExecutionResult> {
    const happened = happening(change)
    const result = results.get(happened) ?? execute(change)
    results.set(happened, result)
    return result
  }

  function toldFrom(first: Change | undefined): Map<number, Promise<Told>> {
    if (!first) return new Map()
    const happened = happening(first)
    const found = told.get(happened) ?? new Map<number, Promise<Told>>()
    told.set(happened, found)
    return found
  }

  return {
    told(changes, execute) {
      // Who begins at the same one and took as many, took the same.
      const known = toldFrom(changes[0])
      const told = known.get(changes.length) ?? Promise.all(changes.map((change) => resultOf(change, execute))).then(toldOf)
      known.set(changes.length, told)
      return told
    },
  }
}

/** What all who are told of a change have in common. */
const happening = (change: Change & { readonly event?: object }): object => change.event ?? change

const toldOf = (results: readonly ExecutionResult[]): Told =>
  ({ results, frames: results.some(({ errors }) => errors) ? undefined : nextFrames(results.map((result) => Buffer.from(JSON.stringify(result)))) })

/** The same text for who asks the same and may see the same. */
export function questionOf({ query, operationName, variables }: SubscribePayload, { role, locations }: Identity): string {
  return JSON.stringify([query, operationName, variables, role, locations === 'all' ? locations : [...locations].sort()])
}
