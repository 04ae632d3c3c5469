import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { readyAt } from '../e2e/server-process.ts'

export interface Run { readonly code: number | null; readonly stdout: string; readonly seconds: number; readonly cpuSeconds: number; readonly peakMB: number }

const LOOK_EVERY_MS = 20

/** The command line as it is shipped, to its end, with the most memory that it took. */
export async function stockstream(...args: readonly string[]): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let [peakMB, cpuSeconds] = [0, 0]
  const look = setInterval(() => {
    peakMB = Math.max(peakMB, peakOf(child))
    cpuSeconds = Math.max(cpuSeconds, cpuOf(child))
  }, LOOK_EVERY_MS)
  try {
    const [[code], stdout] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout)])
    return { code, stdout, seconds: (performance.now() - started) / 1_000, cpuSeconds, peakMB }
  } finally {
    clearInterval(look)
  }
}

/** What the kernel says that the process took at most; 0 where it has ended. */
function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

/** What the clock of /proc counts in. */
const TICKS_PER_SECOND = 100

/** CPU seconds that all its threads took so far; 0 where it has ended. */
function cpuOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return 0
  }
}

export interface Server {
  readonly url: string
  /** From its start until it said that it is ready. */
  readonly readyAfterMs: number
  /** Of the CPU, until then. */
  readonly readyAfterCpuMs: number
  ask<Data>(query: string, variables?: object): Promise<Data>
  peakMB(): number
  stop(signal?: NodeJS.Signals): Promise<void>
}

export async function startServer(store: string): Promise<Server> {
  const started = performance.now()
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, PORT: '0', STORE_DIR: store, LOG_LEVEL: 'error', NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await readyAt(child)
  return {
    url,
    readyAfterMs: performance.now() - started,
    readyAfterCpuMs: cpuOf(child) * 1_000,
    async ask<Data>(query: string, variables: object = {}) {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) })
      const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown }
      if (!data || errors) throw new Error(`${query}: ${JSON.stringify(errors)}`)
      return data
    },
    peakMB: () => peakOf(child),
    async stop(signal = 'SIGTERM') {
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    },
  }
}
