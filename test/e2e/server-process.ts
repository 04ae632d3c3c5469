import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { built } from '../built.ts'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** The data of an answer without errors. */
  query(query: string): Promise<Record<string, unknown>>
  mutate(field: string, input: object, selection: string): Promise<Record<string, unknown>>
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** Only sends it. */
  signal(signal: NodeJS.Signals): void
  /** Of a server that has `test/faults/heap-gauge.ts` loaded before it. */
  memory(): Promise<NodeJS.MemoryUsage>
}

/** The server as a user starts it, in a process of its own on the loopback: on a free port, or on one that is told. `program`: another build. */
export async function startServerProcess(
  storeDirectory: string, port = 0, environment: NodeJS.ProcessEnv = {}, preload: readonly string[] = [], program?: string,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, preload.length > 0 ? withModules(preload) : [program ?? built('main.js')], {
    env: { ...process.env, PORT: String(port), STORE_DIR: storeDirectory, LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const url = await readyAt(child)
  return {
    url,
    pid: child.pid ?? 0,
    async query(query) {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
      const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown }
      if (!data || errors) throw new Error(JSON.stringify(errors))
      return data
    },
    signal(signal) { child.kill(signal) },
    async memory() {
      const told = once(child, 'message')
      child.send('memory')
      return ((await told) as [NodeJS.MemoryUsage])[0]
    },
    async mutate(field, input, selection) {
      const type = `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}Input!`
      const query = `mutation($input: ${type}) { ${field}(input: $input) { replayed userErrors { code message details } ${selection} } }`
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { input } }),
      })
      const { data, errors } = (await response.json()) as { data?: Record<string, Record<string, unknown>>; errors?: unknown }
      const payload = data?.[field]
      if (!payload) throw new Error(JSON.stringify(errors))
      return payload
    },
    async kill(signal) {
      const exit = once(child, 'exit')
      child.kill(signal)
      const [code] = (await exit) as [number | null]
      return code
    },
  }
}

/** From its sources, as a module that is loaded before it shares theirs. */
const withModules = (preload: readonly string[]): readonly string[] => ['--import', 'tsx', ...preload.flatMap((module) => ['--import', module]), 'src/main.ts']

/** The address that a server names once it is ready. */
export async function readyAt(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no standard output.')
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /GraphQL\s+(\S+)/.exec(line)?.[1]
    if (!found) continue
    // What it says from now on nobody reads: a pipe that is full would hold it up.
    child.stdout.resume()
    return found
  }
  throw new Error('The server ended before it was ready.')
}
