import { Socket } from 'node:net'
import { type Calls, createCalls, type Handlers } from './calls.ts'
import { createChannel } from './channel.ts'

/** The process that started this one. */
export interface Parent extends Calls {
  /** That it can serve from now on. */
  ready(): void
}

export interface ParentOptions {
  /** What the parent may ask for. */
  readonly handlers: Handlers
  /** Serves a connection that the parent has taken. */
  take(connection: Socket): void
}

const CHANNEL = 4

/** Begins to talk with the process that started this one. This process ends with it, whatever its end is. */
export function meetParent({ handlers, take }: ParentOptions): Parent {
  const channel = createChannel(new Socket({ fd: CHANNEL }))
  channel.onClose(() => { process.exit(1) })
  const calls = createCalls(channel, handlers)
  process.on('message', ({ id }: { readonly id: number }, connection: Socket | undefined) => {
    // Who has left meanwhile has left nothing to serve.
    if (connection === undefined) calls.tell('left', id)
    else serve(id, connection)
  })

  function serve(id: number, connection: Socket): void {
    calls.tell('serving', id)
    connection.once('close', () => { calls.tell('left', id) })
    // As of connections that a server has taken itself.
    connection.allowHalfOpen = true
    connection.setNoDelay(true)
    take(connection)
  }

  return { ...calls, ready() { calls.tell('ready') } }
}
