import { cpus, release, totalmem } from 'node:os'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Measured } from './stats.ts'

export interface HowLong {
  /** The median of so many counts. */
  readonly runs: number
  /** Of each run. */
  readonly seconds: number
}

/** One line of the table. */
export interface Row {
  readonly work: string
  readonly figure: string
  readonly baseline: string
  readonly ratio?: number
  readonly wanted: string
  readonly isReached: boolean
  /** Units in a second of wall time. */
  readonly wall?: number
  /** Latencies in milliseconds. */
  readonly p50?: number
  readonly p99?: number
}

export interface Compared {
  readonly work: string
  readonly unit: string
  readonly measured: Measured
  /** In a CPU second. */
  readonly baseline: number
  /** What the baseline counts. */
  readonly against: string
  /** At least so many times the baseline. */
  readonly atLeast: number
}

export function ratioRow({ work, unit, measured, baseline, against, atLeast }: Compared): Row {
  const ratio = measured.perCpuSecond / baseline
  return {
    work, figure: `${measured.perCpuSecond.toFixed(0)} ${unit}`, baseline: `${baseline.toFixed(0)} ${against}`, ratio, wanted: atLeast.toPrecision(3),
    isReached: ratio >= atLeast, wall: measured.perSecond, p50: measured.p50, p99: measured.p99,
  }
}

export const HEAD = `| work | figure / CPU s | baseline / CPU s | ratio | wanted | reached | a second of wall time | p50 ms | p99 ms |
|---|---|---|---|---|---|---|---|---|
`

export function line({ work, figure, baseline, ratio, wanted, isReached, wall, p50, p99 }: Row): string {
  const cells = [work, figure, baseline, ratio?.toPrecision(3), wanted, isReached ? 'yes' : 'no', wall?.toFixed(0), shownMs(p50), shownMs(p99)]
  return `| ${cells.map((cell) => cell ?? '').join(' | ')} |\n`
}

const shownMs = (milliseconds: number | undefined): string | undefined =>
  (milliseconds === undefined || Number.isNaN(milliseconds) ? undefined : milliseconds.toFixed(2))

interface Package { readonly version: string; readonly dependencies: Readonly<Record<string, string>> }

/** On what all was measured. */
export function machine(): string {
  const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Package
  const packages = ['@apollo/server', 'graphql', 'graphql-jit', 'graphql-ws', 'better-sqlite3'].map((name) => `${name} ${dependencies[name] ?? '?'}`)
  return `- ${new Date().toISOString().slice(0, 10)}, Stockstream ${version}
- Node ${process.version}, ${packages.join(', ')}
- ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}
`
}

/** RESULTS.md beside this file: the table, and what it was measured on. */
export function writeResults(table: string, command: string): void {
  writeFileSync(new URL('RESULTS.md', import.meta.url), `# Results

Printed by \`${command}\`; [README.md](README.md) says what each line measures. Limits, validation, metrics and
durability are on in every run.

${machine()}
${table}`)
}
