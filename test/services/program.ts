import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

export const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0

/** A program that runs beside the tests, once it has said that it is ready. */
export async function startProgram(program: string, args: readonly string[], isReady: RegExp): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stderr.resume()
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (isReady.test(line)) {
      child.stdout.resume()
      return child
    }
  }
  throw new Error(`${program} ended before it was ready:\n${lines.join('\n')}`)
}
