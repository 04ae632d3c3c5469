import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { TICKS_PER_SECOND } from './process.ts'

export interface CommandRun {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly output: string
}

/** Runs `stockstream` once, from its start to its end, on a core of its own. One at a time: CPU time is that of all children that ended. */
export async function runCommand(...args: readonly string[]): Promise<CommandRun> {
  const [from, cpu] = [performance.now(), cpuOfEnded()]
  const child = spawn('taskset', ['-c', '0', process.execPath, 'dist/cli/main.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null]>])
  if (code !== 0) throw new Error(`stockstream ${args.join(' ')} ended with ${code}: ${complaint}`)
  return { cpuSeconds: cpuOfEnded() - cpu, seconds: (performance.now() - from) / 1_000, output }
}

function cpuOfEnded(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND
}
