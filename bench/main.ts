/**
 * Each workload against its baseline in the same run, the server on one core and the client on the other. What counts
 * is work in a CPU second of the server, all its threads: wall time depends on the neighbours.
 * `npm run bench -- [RUNS] [SECONDS] [NAME...]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureFanOut } from './fan-out.ts'
import { measureHttp } from './http.ts'
import { startProcess } from './process.ts'
import { HEAD, line, type Row, writeResults } from './report.ts'

const [runs = 5, seconds = 4] = process.argv.slice(2, 4).map(Number)
const names = process.argv.slice(4)
const isWanted = (name: string): boolean => names.length === 0 || names.some((part) => name.includes(part))

/** One client asks for more than a shop's till ever will. Everything else is as it comes. */
const UNHURRIED = { CALLER_REQUESTS_PER_SECOND: '1000000', CALLER_COST_PER_SECOND: '1000000000' }

const directory = mkdtempSync(join(tmpdir(), 'stockstream-bench-'))
const server = await startProcess(['dist/main.js'], { PORT: '0', STORE_DIR: directory, LOG_LEVEL: 'error', NODE_ENV: 'production', ...UNHURRIED })
let table = HEAD
process.stdout.write(HEAD)
try {
  for await (const row of measureHttp(server, isWanted, { runs, seconds })) print(row)
  if (isWanted('subscribers')) for await (const row of measureFanOut(server)) print(row)
  const memory = `\nMemory of the server at the end: ${server.memory().toFixed(0)} MB.\n`
  process.stdout.write(memory)
  if (names.length === 0) writeResults(table + memory, `npm run bench -- ${runs} ${seconds}`)
} finally {
  await server.stop()
  rmSync(directory, { recursive: true })
}

function print(row: Row): void {
  table += line(row)
  process.stdout.write(line(row))
}
