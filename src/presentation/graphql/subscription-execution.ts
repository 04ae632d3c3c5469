import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql'
import type { Change, Following, OnSlow } from '../../application/changes.ts'
import type { Release } from '../caller-counts.ts'
import type { Audiences } from './audiences.ts'
import { type Context, createContext } from './context.ts'
import { nextFrames, writtenId } from './next-frames.ts'

/** What an operation on a socket has at hand beside what others have. */
export interface SocketContext extends Context {
  readonly onSlow: OnSlow
  readonly delivery: Delivery
  readonly outlet: Outlet
  /** What is asked, and by which rights. */
  readonly question: string
  readonly audiences: Audiences
  /** Takes a place among the caller's subscriptions; throws or rejects with RATE_LIMITED where there is none. */
  hold(): Release | Promise<Release>
}

/** The position of the change that a subscription sent last; before the first, where it began. */
export interface Delivery { sent: number }

/** Where a subscription's messages go. */
export interface Outlet {
  /** Of the operation. */
  readonly id: string
  /** Resolves when the system has taken the frames; undefined where it has already. */
  write(frames: Buffer): Promise<void> | undefined
  /** A result with errors, as this client sees it. */
  shown(result: ExecutionResult): FormattedExecutionResult
}

type Responses = AsyncIterableIterator<never, undefined>

/** So many changes go into one write at the most: what waits for a reader stays small beside what may. */
const CHANGES_MAX = 100

/**
 * As graphql's own, but that changes which come together are sent together, and past the iterable that is returned: it
 * has no values and ends with the subscription. Each change is executed in a context of its own: what it loads is as of then.
 */
export async function subscribe(args: ExecutionArgs): Promise<Responses | ExecutionResult> {
  let release: Release | undefined
  try {
    release = await (args.contextValue as SocketContext).hold()
    const source = await createSourceEventStream(args)
    if (Symbol.asyncIterator in source) return responses(source as Following<Change>, args, release)
    release()
    return source
  } catch (error) {
    release?.()
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

function responses(source: Following<Change>, args: ExecutionArgs, release: Release): Responses {
  const { inventory, caller, version, delivery, outlet, question, audiences } = args.contextValue as SocketContext
  const { audience, leave } = audiences.join(question)
  const id = writtenId(outlet.id)
  let hasEnded = false

  function end(): void {
    if (hasEnded) return
    hasEnded = true
    leave()
    release()
  }

  async function deliver(): Promise<void> {
    for (let changes = await source.take(CHANGES_MAX); changes; changes = await source.take(CHANGES_MAX)) {
      const { results, frames = nextFrames(results.map(asShown)) } = await audience.told(changes, executed)
      if (hasEnded) return
      delivery.sent = changes.at(-1)?.position ?? delivery.sent
      const isTaken = outlet.write(frames.of(id))
      if (isTaken) await isTaken
    }
  }

  const executed = async (change: Change): Promise<ExecutionResult> =>
    execute({ ...args, rootValue: change, contextValue: createContext(inventory, caller, version) })
  const asShown = (result: ExecutionResult): Buffer => Buffer.from(JSON.stringify(outlet.shown(result)))

  return {
    [Symbol.asyncIterator]() { return this },
    async next() {
      await deliver().finally(end)
      return { done: true, value: undefined }
    },
    async return() {
      end()
      await source.return?.()
      return { done: true, value: undefined }
    },
  }
}
