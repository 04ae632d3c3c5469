import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What the clock of /proc counts in. */
export const TICKS_PER_SECOND = 100

export interface ServerProcess {
  readonly url: string
  /** CPU seconds that all its threads have taken so far, and those of the processes that it has started. */
  cpu(): number
  /** Resident memory, in MB. */
  memory(): number
  stop(): Promise<void>
}

/** A server on a core of its own, or on those that are named; its first line with a URL says where it listens, and paths are left off. */
export async function startProcess(args: readonly string[], environment: Readonly<Record<string, string>>, cores = '0'): Promise<ServerProcess> {
  const child = spawn('taskset', ['-c', cores, process.execPath, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await urlOf(child)
  const { pid } = child
  if (pid === undefined) throw new Error('The server did not start.')
  return {
    url,
    cpu: () => cpuOf(pid),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024,
    async stop() {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no standard output.')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[\w.:]+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('The server ended before it was ready.')
}

/** CPU seconds of a process, all its threads, and of the processes that it has started. */
export function cpuOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const fields = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const started = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND + started.reduce((all, child) => all + cpuOf(Number(child)), 0)
  }, 0)
}
