import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { end, freePort } from './process.ts'

const run = promisify(execFile)
const START_MS_MAX = 60_000

/** A MariaDB server of this process alone, in a folder of its own, at a free port of the loopback. */
export interface MariaDb {
  /** Of a new, empty database. */
  database(): Promise<string>
  readonly child: ChildProcess
  /** Ends the server as a power cut would, and starts it anew on what is on its disk. */
  crash(): Promise<void>
  stop(): Promise<void>
}

export const hasMariaDb = (): boolean => spawnSync('mariadbd', ['--version']).status === 0

/** `settings` as the command line of the server takes them: `--sync-binlog=0`. */
export async function startMariaDb(settings: readonly string[] = []): Promise<MariaDb> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-mariadb-'))
  const user = `--user=${userInfo().username}`
  // A server that starts clears its folder of temporary tables: one that is shared with others would take theirs.
  const env = { ...process.env, TMPDIR: directory }
  await run('mariadb-install-db', ['--no-defaults', `--datadir=${join(directory, 'data')}`, user, '--auth-root-authentication-method=normal', '--skip-test-db'], { env })
  const port = await freePort()
  const server = `mysql://root@127.0.0.1:${port}`
  const start = () => spawn('mariadbd', [
    '--no-defaults', `--datadir=${join(directory, 'data')}`, user, `--socket=${join(directory, 'socket')}`, `--port=${port}`, '--bind-address=127.0.0.1',
    '--skip-name-resolve', '--log-bin=binlog', '--binlog-format=ROW', '--sync-binlog=1', '--server-id=1', '--max-connections=300', ...settings,
  ], { stdio: 'ignore', env })
  let child = start()
  await answering(child, server)
  let databases = 0
  return {
    get child() { return child },
    async database() {
      databases += 1
      const connection = await createConnection(server)
      await connection.query(`CREATE DATABASE stock${databases}`)
      await connection.end()
      return `${server}/stock${databases}`
    },
    async crash() {
      await end(child, 'SIGKILL')
      child = start()
      await answering(child, server)
    },
    async stop() {
      await end(child, 'SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Waits until it takes connections. */
async function answering(child: ChildProcess, server: string): Promise<void> {
  const failed = once(child, 'exit').then(() => { throw new Error('mariadbd ended before it was ready.') })
  const ready = (async () => {
    const until = Date.now() + START_MS_MAX
    while (Date.now() < until) {
      const connection = await createConnection(server).catch(() => undefined)
      if (connection) {
        await connection.end()
        return
      }
      await wait(50)
    }
    throw new Error('mariadbd does not answer.')
  })()
  failed.catch(() => undefined)
  await Promise.race([ready, failed])
}
