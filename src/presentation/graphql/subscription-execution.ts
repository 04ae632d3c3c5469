import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { Change, OnSlow } from '../../application/changes.ts'
import { type Context, createContext } from './context.ts'

/** What an operation on a socket has at hand beside what others have. */
export interface SocketContext extends Context {
  readonly onSlow: OnSlow
  readonly delivery: Delivery
}

/** The positions of the changes that a subscription took last and sent last; 0 before the first. */
export interface Delivery { taken: number; sent: number }

type Responses = AsyncIterableIterator<ExecutionResult, undefined>

/** As graphql's own, but that each change is executed in a context of its own: what it loads is as of then. */
export async function subscribe(args: ExecutionArgs): Promise<Responses | ExecutionResult> {
  const source = await createSourceEventStream(args)
  return Symbol.asyncIterator in source ? responses(source as AsyncIterable<Change>, args) : source
}

function responses(source: AsyncIterable<Change>, args: ExecutionArgs): Responses {
  const changes = source[Symbol.asyncIterator]()
  const { inventory, caller, version, delivery } = args.contextValue as SocketContext
  return {
    [Symbol.asyncIterator]() { return this },
    async next() {
      const result = await changes.next()
      if (result.done === true) return { done: true, value: undefined }
      const value = await execute({ ...args, rootValue: result.value, contextValue: createContext(inventory, caller, version) })
      delivery.taken = result.value.position
      return { done: false, value }
    },
    async return() {
      await changes.return?.()
      return { done: true, value: undefined }
    },
  }
}
