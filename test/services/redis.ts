import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { end, freePort } from './process.ts'
import { isInstalled, startProgram } from './program.ts'
import { describeWith } from './required.ts'

export interface Redis {
  readonly port: number
  readonly url: string
  /** Takes what is sent, and answers nothing until it goes on. */
  hang(): void
  goOn(): void
  kill(): Promise<void>
  /** On the same port, with nothing left of what it held. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function startRedis(): Promise<Redis> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-redis-'))
  const port = await freePort()
  const start = (): Promise<ChildProcess> => startProgram('redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory], /Ready to accept connections/)
  let child = await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    hang() { child.kill('SIGSTOP') },
    goOn() { child.kill('SIGCONT') },
    kill: () => end(child, 'SIGKILL'),
    async start() { child = await start() },
    async close() {
      await end(child, 'SIGKILL')
      await rm(directory, { recursive: true })
    },
  }
}

/** Tests that have a Redis of their own. */
export function describeWithRedis(title: string, tests: (redis: () => Redis) => void): void {
  describeWith('redis-server', () => isInstalled('redis-server'), title, () => {
    let redis: Redis | undefined
    before(async () => { redis = await startRedis() })
    after(() => redis?.close())
    tests(() => {
      if (!redis) throw new Error('Redis is there from the first test on.')
      return redis
    })
  })
}
