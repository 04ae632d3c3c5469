import { Unavailable } from '../../application/ports.ts'
import type { Channel } from './channel.ts'
import { errorOf, type PlainError, plainError } from './plain-errors.ts'

/** What the other process may ask for, by name, with plain data as arguments. */
export type Handlers = Readonly<Record<string, (...values: never[]) => unknown>>

export interface Calls {
  /** Resolves with what the other process's handler gives. Rejects as it does; Unavailable where the process goes before. */
  ask(name: string, ...values: readonly unknown[]): Promise<unknown>
  /** Has the handler called, and waits for nothing. Messages arrive in the order in which they were sent. */
  tell(name: string, ...values: readonly unknown[]): void
}

type Message =
  | { readonly ask: string; readonly id: number; readonly values: never[] }
  | { readonly tell: string; readonly values: never[] }
  | { readonly done: number; readonly value?: unknown }
  | { readonly failed: number; readonly error: PlainError }

interface Waiting { resolve(value: unknown): void; reject(error: Error): void }

/** The text of a message that `tell` would send. */
export const told = (name: string, ...values: readonly unknown[]): string => JSON.stringify({ tell: name, values })

/** Calls in both directions over one channel. */
export function createCalls(channel: Channel, handlers: Handlers): Calls {
  const waiting = new Map<number, Waiting>()
  let last = 0
  let isClosed = false

  async function answer(id: number, name: string, values: never[]): Promise<void> {
    try {
      channel.send({ done: id, value: await handlerOf(handlers, name)(...values) })
    } catch (error) {
      channel.send({ failed: id, error: plainError(error) })
    }
  }

  function take(id: number): Waiting | undefined {
    const found = waiting.get(id)
    waiting.delete(id)
    return found
  }

  channel.onMessage((message) => {
    const given = message as Message
    if ('ask' in given) void answer(given.id, given.ask, given.values)
    else if ('tell' in given) handlerOf(handlers, given.tell)(...given.values)
    else if ('done' in given) take(given.done)?.resolve(given.value)
    else take(given.failed)?.reject(errorOf(given.error))
  })
  channel.onClose(() => {
    isClosed = true
    for (const { reject } of waiting.values()) reject(gone())
    waiting.clear()
  })

  return {
    ask: (name, ...values) => new Promise((resolve, reject) => {
      if (isClosed) {
        reject(gone())
        return
      }
      last += 1
      waiting.set(last, { resolve, reject })
      channel.send({ ask: name, id: last, values })
    }),
    tell(name, ...values) { channel.send({ tell: name, values }) },
  }
}

function handlerOf(handlers: Handlers, name: string): (...values: never[]) => unknown {
  const found = handlers[name]
  if (found) return found
  throw new Error(`Nobody here does ${name}.`)
}

const gone = (): Unavailable => new Unavailable('The process that was asked has ended: ask again.')
