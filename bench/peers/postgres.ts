import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { cpuOf } from '../process.ts'

/** A PostgreSQL of our own, durable as it comes, on the core that the servers have. */
export interface Cluster {
  readonly url: string
  /** CPU seconds of all its processes. */
  cpu(): number
  stop(): Promise<void>
}

const READY_TRIES = 100

export async function startPostgres(): Promise<Cluster> {
  const directory = mkdtempSync(join(tmpdir(), 'stockstream-peers-'))
  const identity = unprivileged()
  if (identity) chownSync(directory, identity.uid, identity.gid)
  const data = join(directory, 'data')
  const options = { ...identity, cwd: directory, stdio: 'ignore' as const }
  execFileSync('initdb', ['--pgdata', data, '--auth', 'trust', '--username', 'bench', '--no-instructions'], options)
  const port = await freePort()
  const server = spawn('taskset', ['-c', '0', 'postgres', '-D', data, '-p', String(port), '-k', directory, '-h', '127.0.0.1',
    '-c', 'shared_buffers=512MB', '-c', 'max_connections=200', '-c', 'max_wal_size=4GB'], options)
  const { pid } = server
  if (pid === undefined) throw new Error('PostgreSQL did not start.')
  await ready(port)
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    cpu: () => [pid, ...childrenOf(pid)].reduce((sum, each) => sum + cpuOf(each), 0),
    async stop() {
      const exit = once(server, 'exit')
      server.kill('SIGINT')
      await exit
      rmSync(directory, { recursive: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function ready(port: number): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    try {
      execFileSync('pg_isready', ['-q', '-h', '127.0.0.1', '-p', String(port)])
      return
    } catch {
      await rest(100)
    }
  }
  throw new Error('PostgreSQL is not ready.')
}

const childrenOf = (pid: number): readonly number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((each) => parentOf(each) === pid)

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  } catch {
    return undefined
  }
}
