import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import type { Change, OnSlow } from '../../application/changes.ts'
import type { Release } from '../callers.ts'
import { type Context, createContext } from './context.ts'
import type { SharedExecutions } from './shared-executions.ts'

/** What an operation on a socket has at hand beside what others have. */
export interface SocketContext extends Context {
  readonly onSlow: OnSlow
  readonly delivery: Delivery
  /** What is asked, and by which rights. */
  readonly question: string
  readonly shared: SharedExecutions
  /** Takes a place among the caller's subscriptions; throws RATE_LIMITED where there is none. */
  hold(): Release
}

/** The positions of the changes that a subscription took last and sent last; before the first, where it began. */
export interface Delivery { taken: number; sent: number }

type Responses = AsyncIterableIterator<ExecutionResult, undefined>

/** As graphql's own, but that each change is executed in a context of its own: what it loads is as of then. */
export async function subscribe(args: ExecutionArgs): Promise<Responses | ExecutionResult> {
  let release: Release | undefined
  try {
    release = (args.contextValue as SocketContext).hold()
    const source = await createSourceEventStream(args)
    if (Symbol.asyncIterator in source) return responses(source as AsyncIterable<Change>, args, release)
    release()
    return source
  } catch (error) {
    release?.()
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

function responses(source: AsyncIterable<Change>, args: ExecutionArgs, release: Release): Responses {
  const changes = source[Symbol.asyncIterator]()
  const { inventory, caller, version, delivery, question, shared } = args.contextValue as SocketContext

  async function next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const result = await changes.next()
    if (result.done === true) {
      release()
      return { done: true, value: undefined }
    }
    const value = await shared.of(happened(result.value), question, async () =>
      execute({ ...args, rootValue: result.value, contextValue: createContext(inventory, caller, version) }))
    delivery.taken = result.value.position
    return { done: false, value }
  }

  return {
    [Symbol.asyncIterator]() { return this },
    next: () => next().catch((error: unknown) => {
      release()
      throw error
    }),
    async return() {
      release()
      await changes.return?.()
      return { done: true, value: undefined }
    },
  }
}

/** What all who are told of a change have in common. */
const happened = (change: Change & { readonly event?: object }): object => change.event ?? change
