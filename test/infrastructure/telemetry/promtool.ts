import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Whether promtool is on the PATH; it comes with Debian's package prometheus. */
export const hasPromtool = (): boolean => spawnSync('promtool', ['--version']).error === undefined

/** What promtool has to say, and its exit code. */
export async function promtool(args: readonly string[], input = ''): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn('promtool', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)])
  return { code, output: stdout + stderr }
}
