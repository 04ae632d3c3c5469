import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { FLOODS } from './floods.ts'
import { type Server, startServer } from './processes.ts'
import type { Table } from './table.ts'

const FLOOD_MS = 2_500
const REST_MS = 2
const KINDS = Object.keys(FLOODS)
const P99_MS_MAX = 100

/** What somebody else feels while one address floods the server, one kind of abuse after the other. */
export async function checkFloods(table: Table): Promise<void> {
  const store = mkdtempSync(join(tmpdir(), 'stockstream-flood-'))
  try {
    for (const kind of [undefined, ...KINDS]) await checkKind(join(store, String(KINDS.indexOf(kind ?? ''))), kind, table)
  } finally {
    rmSync(store, { recursive: true })
  }
}

/** Each on a server of its own, so that none is kept out for what another did. */
async function checkKind(store: string, kind: string | undefined, table: Table): Promise<void> {
  const server = await startServer(store)
  try {
    await server.ask('mutation { openLocation(input: { code: "LIS", name: "Lisbon" }) { cursor } }')
    await latencies(server, wait(FLOOD_MS / 6))
    const flood = kind === undefined ? wait(FLOOD_MS, '') : answersOf(server.url, kind)
    const found = await latencies(server, flood)
    const p99 = quantile(found, 0.99)
    table.row(`${kind ?? 'nothing'}: p50, p99, most, ms`, [0.5, 0.99, 1].map((part) => quantile(found, part).toFixed(1)).join(', '), `p99 under ${P99_MS_MAX}`, p99 < P99_MS_MAX)
    if (kind !== undefined) table.row(`${kind}: answers, by status`, (await flood).replaceAll(/[{}"]/g, ''))
  } finally {
    await server.stop()
  }
}

function answersOf(url: string, kind: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/acceptance/flooder.ts', url, kind, String(FLOOD_MS)], { stdio: ['ignore', 'pipe', 'inherit'] })
  return text(child.stdout)
}

/** Of one who asks, reads the answer and rests, until that is over; in milliseconds. */
async function latencies(server: Server, over: Promise<unknown>): Promise<readonly number[]> {
  const found: number[] = []
  const asking = new AbortController()
  void over.finally(() => { asking.abort() })
  for (;;) {
    const from = performance.now()
    await server.ask('{ location(code: "LIS") { name } }')
    found.push(performance.now() - from)
    if (asking.signal.aborted) return found
    await wait(REST_MS)
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}
