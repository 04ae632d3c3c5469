import { cpus, release, totalmem } from 'node:os'
import { readFileSync, writeFileSync } from 'node:fs'

/** One line of the table. Figures are per CPU second of the server, all its threads. */
export interface Row {
  readonly work: string
  readonly figure: number
  readonly unit: string
  readonly baseline: number
  /** What the baseline counts, where it is not the same unit. */
  readonly against: string
  /** At least so many times the baseline. */
  readonly atLeast: number
  /** Units in a second of wall time. */
  readonly wall?: number
  /** Latencies in milliseconds. */
  readonly p50?: number
  readonly p99?: number
}

export const HEAD = `| work | figure / CPU s | baseline / CPU s | ratio | wanted | reached | a second of wall time | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|
`

export function line({ work, figure, unit, baseline, against, atLeast, wall, p50, p99 }: Row): string {
  const ratio = figure / baseline
  const cells = [
    work, `${figure.toFixed(0)} ${unit}`, `${baseline.toFixed(0)} ${against}`, ratio.toPrecision(3), atLeast.toPrecision(3), ratio >= atLeast ? 'yes' : 'no',
    wall?.toFixed(0) ?? '', p50?.toFixed(2) ?? '', p99?.toFixed(2) ?? '',
  ]
  return `| ${cells.join(' | ')} |\n`
}

interface Package { readonly version: string; readonly dependencies: Readonly<Record<string, string>> }

/** RESULTS.md beside this file: the table, and what it was measured on. */
export function writeResults(table: string, command: string): void {
  const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Package
  const packages = ['@apollo/server', 'graphql', 'graphql-jit', 'graphql-ws', 'better-sqlite3'].map((name) => `${name} ${dependencies[name] ?? '?'}`)
  writeFileSync(new URL('RESULTS.md', import.meta.url), `# Results

Printed by \`${command}\`; [README.md](README.md) says what each line measures. Limits, validation, metrics and
durability are on in every run.

- ${new Date().toISOString().slice(0, 10)}, Stockstream ${version}
- Node ${process.version}, ${packages.join(', ')}
- ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}

${table}`)
}
