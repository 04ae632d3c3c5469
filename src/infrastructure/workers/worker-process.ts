import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { type Calls, createCalls, type Handlers } from './calls.ts'
import { createChannel } from './channel.ts'

export interface WorkerProcessOptions {
  /** From 1 on; one that is started for another has its number. */
  readonly number: number
  /** The file that it runs. */
  readonly program: string
  /** What this process keeps for it. */
  session(): WorkerSession
}

export interface WorkerSession {
  /** What it may ask this process for. */
  readonly handlers: Handlers
  /** Lets go of all that it had. */
  close(): void
}

export interface WorkerProcess {
  readonly number: number
  readonly startedAt: number
  readonly calls: Calls
  /** Resolves when it can serve; rejects where it ends before. */
  readonly ready: Promise<void>
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>
  connections(): number
  take(taken: TakenConnection): void
  /** What it had not been sent yet when it ended. */
  unsent(): readonly TakenConnection[]
  /** Sends the text of a message as it is. */
  sendText(text: string): void
  unreadBytes(): number
  kill(): void
}

/** One that nothing was read from. `release` is called when it is over. */
export interface TakenConnection { readonly connection: Socket; release(): void }

/** Where both ends of the channel are, beside standard input, output, error and Node.js's own channel, which takes connections. */
const CHANNEL = 4

export function startWorker({ number, program, session }: WorkerProcessOptions): WorkerProcess {
  const { handlers, close } = session()
  const child = fork(program, [String(number)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'] })
  const channel = createChannel(child.stdio[CHANNEL] as Socket)
  const connections = new Map<number, TakenConnection>()
  const unsent = new Set<TakenConnection>()
  let last = 0
  const leave = (id: number): void => {
    connections.get(id)?.release()
    connections.delete(id)
  }
  const ended = endOf(child).finally(() => {
    for (const [id, taken] of connections) {
      if (unsent.has(taken)) continue
      taken.connection.destroy()
      leave(id)
    }
    close()
  })
  let tellReady = (): void => undefined
  const isReady = new Promise<void>((resolve) => { tellReady = resolve })

  return {
    number,
    startedAt: performance.now(),
    calls: createCalls(channel, { ...handlers, left: leave, serving: (id: number) => { connections.get(id)?.connection.destroy() }, ready: () => { tellReady() } }),
    ready: Promise.race([isReady, ended.then((cause) => { throw new Error(`Worker ${number} ended before it was ready: ${cause}.`) })]),
    ended,
    connections: () => connections.size,
    take(taken) {
      const id = last += 1
      connections.set(id, taken)
      unsent.add(taken)
      // It stays open here until the worker says that it has it: a worker that ends would leave it open and unserved.
      child.send({ id }, taken.connection, { keepOpen: true }, (error) => { if (!error) unsent.delete(taken) })
    },
    unsent: () => [...unsent],
    sendText: channel.sendText,
    unreadBytes: channel.waitingBytes,
    kill() { child.kill('SIGKILL') },
  }
}

/** A process that can't be started has ended, too. */
async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit') as [number | null, NodeJS.Signals | null]
    return signal ?? `exit code ${code ?? 'unknown'}`
  } catch (error) {
    return String(error)
  }
}
