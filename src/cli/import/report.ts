/** What became of a file's rows. */
export interface FileReport {
  readonly file: string
  rows: number
  applied: number
  rejected: number
  /** Rows that an earlier run had brought in already; they count as applied or rejected too. */
  repeated: number
  readonly causes: Record<string, number>
  rejectedFile: string | null
}

export interface ImportReport {
  readonly files: readonly FileReport[]
  readonly rows: number
  readonly applied: number
  readonly rejected: number
  readonly repeated: number
  readonly causes: Readonly<Record<string, number>>
  readonly created: { readonly products: number; readonly locations: number }
  readonly dryRun: boolean
  readonly seconds: number
  /** Why the import ended before its end. */
  readonly stopped?: string
}

export const emptyReport = (file: string): FileReport =>
  ({ file, rows: 0, applied: 0, rejected: 0, repeated: 0, causes: {}, rejectedFile: null })

export function totalOf(files: readonly FileReport[]): Pick<ImportReport, 'rows' | 'applied' | 'rejected' | 'repeated' | 'causes'> {
  const sum = (of: (report: FileReport) => number): number => files.reduce((total, file) => total + of(file), 0)
  const causes: Record<string, number> = {}
  for (const file of files) for (const [cause, rows] of Object.entries(file.causes)) causes[cause] = (causes[cause] ?? 0) + rows
  return {
    rows: sum(({ rows }) => rows),
    applied: sum(({ applied }) => applied),
    rejected: sum(({ rejected }) => rejected),
    repeated: sum(({ repeated }) => repeated),
    causes,
  }
}

const number = (value: number): string => value.toLocaleString('en')

/** The report for people. */
export function reportText(report: ImportReport): string {
  const { rows, applied, rejected, repeated, causes, created, dryRun, seconds, files } = report
  const would = dryRun ? 'would be ' : ''
  const lines = [
    `${number(rows)} rows read in ${seconds.toFixed(1)} s (${number(Math.round(rows / seconds))} rows/s): ${number(applied)} ${would}applied, ${number(rejected)} ${would}rejected.`,
  ]
  if (repeated > 0) lines.push(`${number(repeated)} of them were imported before: they changed nothing now.`)
  if (created.products + created.locations > 0) lines.push(`${number(created.products)} products and ${number(created.locations)} locations ${would}created.`)
  for (const [cause, count] of Object.entries(causes).sort(([, a], [, b]) => b - a)) lines.push(`  ${number(count).padStart(9)}  ${cause}`)
  const written = files.flatMap(({ rejectedFile }) => rejectedFile ?? [])
  if (written.length > 0) lines.push(`The rejected rows and why: ${written.join(', ')}`)
  if (dryRun) lines.push('Nothing was written: this was a dry run.')
  return `${lines.join('\n')}\n`
}
