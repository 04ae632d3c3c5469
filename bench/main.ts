/**
 * Each work against its baseline in the same run, the server on one core and the client on the other. What counts is
 * work in a CPU second of the server, all its threads: wall time depends on the neighbours.
 * `npm run bench -- [RUNS] [SECONDS] [NAME...]`
 */
import { AS_OF, measureAsOf } from './as-of.ts'
import { COMMAND_LINE, measureCommandLine } from './command-line.ts'
import { FAN_OUT, measureFanOut } from './fan-out.ts'
import { measureHttp } from './http.ts'
import { HEAD, type HowLong, line, type Row, writeResults } from './report.ts'
import { measureToldAfter, TOLD_AFTER } from './told-after.ts'
import { measureWorkers, WORKER_WORKS } from './workers.ts'
import { workloads } from './workloads.ts'

const [runs = 5, seconds = 4] = process.argv.slice(2, 4).map(Number)
const names = process.argv.slice(4)
const isWanted = (name: string): boolean => names.length === 0 || names.some((part) => name.includes(part))

/** Works that share a server. */
interface Group { readonly works: readonly string[]; measure(works: readonly string[], howLong: HowLong): AsyncIterable<Row> }

const groups: readonly Group[] = [
  { works: workloads.map(({ name }) => name), measure: (works, howLong) => measureHttp(workloads.filter(({ name }) => works.includes(name)), howLong) },
  { works: WORKER_WORKS, measure: measureWorkers },
  { works: [AS_OF], measure: (_works, howLong) => measureAsOf(howLong) },
  { works: FAN_OUT, measure: (_works, howLong) => measureFanOut(howLong) },
  { works: [TOLD_AFTER], measure: (_works, howLong) => measureToldAfter(howLong) },
  { works: COMMAND_LINE, measure: (_works, howLong) => measureCommandLine(howLong) },
]

let table = HEAD
process.stdout.write(HEAD)
for (const { works, measure } of groups) {
  const wanted = works.filter(isWanted)
  if (wanted.length === 0) continue
  for await (const row of measure(wanted, { runs, seconds })) {
    table += line(row)
    process.stdout.write(line(row))
  }
}
if (names.length === 0) writeResults(table, `npm run bench -- ${runs} ${seconds}`)
