import { CommandFailed } from '../errors.ts'
import { keyWithin } from './keys.ts'
import type { Mapping } from './mapping.ts'
import { CHUNKS_TOGETHER_MAX, planSteps } from './plan.ts'
import type { Preparation, PreparationOptions } from './preparation.ts'
import type { Preset, Rejection } from './presets.ts'
import { openRejectedFile, type RejectedFile } from './rejected-file.ts'
import { emptyReport, type FileReport } from './report.ts'
import { type Chunk, CHUNK_ROWS, type ImportRow, isMovement, type MovementRow, readChunks } from './rows.ts'
import type { Batch, ImportTarget, Outcome, Refusal } from './target.ts'

export interface ImportSettings extends PreparationOptions {
  readonly mapping: Mapping
  readonly preset: Preset | undefined
  readonly presetName: string | undefined
  readonly stopsOnError: boolean
}

export interface FileImportOptions {
  readonly file: string
  /** The same for the same file and meaning. */
  readonly key: string
  readonly settings: ImportSettings
  readonly target: ImportTarget
  readonly preparation: Preparation
  readonly onBytes: (bytes: number) => void
}

/** The first bad row, where that is to be the end. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/** One file's way into the store, chunk by chunk. */
export class FileImport {
  readonly report: FileReport
  private rejectedFile: RejectedFile | undefined
  /** Chunks that were refused as a whole, and so wait for the next one. */
  private waiting: { readonly chunks: readonly Chunk[]; readonly refusals: readonly Refusal[] } | undefined

  constructor(private readonly options: FileImportOptions) {
    this.report = emptyReport(options.file)
  }

  async run(onStep: () => void): Promise<void> {
    const { settings, target } = this.options
    const steps = planSteps(this.chunks(), async (chunk) => !settings.dryRun && await target.isDone(this.keyOf(chunk)))
    try {
      for await (const { chunks, isDone } of steps) {
        await (isDone ? this.repeat(chunks) : this.apply(chunks))
        onStep()
      }
      await this.giveUpWaiting()
    } finally {
      await this.rejectedFile?.close()
    }
  }

  private async *chunks(): AsyncGenerator<Chunk> {
    const { file, settings, onBytes } = this.options
    let columns: readonly string[] = []
    for await (const chunk of readChunks({ file, mapping: settings.mapping, preset: settings.preset, onBytes, onColumns: (found) => { columns = found } })) {
      this.rejectedFile ??= await openRejectedFile(file, columns, settings.dryRun)
      yield chunk
    }
  }

  /** What was done by an earlier run gives its first answer again. */
  private async repeat(chunks: readonly Chunk[]): Promise<void> {
    await this.giveUpWaiting()
    const outcome = await this.decide(chunks)
    if (outcome.kind !== 'applied') throw new CommandFailed(`${this.options.file} was imported before in a way that can't be followed. Nothing more was done.`)
    this.report.repeated += chunks.reduce((rows, chunk) => rows + chunk.rows.length, 0)
    await this.count(chunks, outcome.refusals)
  }

  private async apply(news: readonly Chunk[]): Promise<void> {
    const { settings, preparation, key } = this.options
    const chunks = [...this.waiting?.chunks ?? [], ...news]
    this.stopAtBadRow(news)
    await preparation.prepare(news.flatMap(({ rows }) => rows), key)
    const outcome = await this.decide(chunks)
    if (outcome.kind === 'refused' && !settings.dryRun) {
      this.waiting = { chunks, refusals: outcome.refusals }
      if (chunks.length === CHUNKS_TOGETHER_MAX) await this.giveUpWaiting()
      return
    }
    this.waiting = undefined
    await this.count(chunks, outcome.refusals)
  }

  /**
   * `refused`: every single row was, or this is a dry run. All or nothing is asked for first, so that --on-error
   * changes nothing about how a chunk without bad rows stands in the store.
   */
  private async decide(chunks: readonly Chunk[]): Promise<Exclude<Outcome, { kind: 'keyTaken' }>> {
    const { target, settings } = this.options
    const rows = this.judged(chunks)
    if (rows.length === 0) return { kind: 'applied', refusals: [], isRepeat: false }
    const batch: Omit<Batch, 'errorPolicy'> = { movements: rows.map(({ movement }) => movement), dryRun: settings.dryRun, key: this.keyOf(chunks.at(-1)) }
    const whole = await target.apply({ ...batch, errorPolicy: 'ALL_OR_NOTHING' })
    if (whole.kind === 'applied') return whole
    if (whole.kind === 'refused') {
      const refusals = this.counting(whole.refusals)
      this.stopAtRefusal(rows, refusals)
      if (settings.dryRun || refusals.length === rows.length) return { kind: 'refused', refusals }
    }
    const part = await target.apply({ ...batch, errorPolicy: 'SKIP_FAILED' })
    if (part.kind === 'keyTaken') throw new CommandFailed(`${this.options.file}: the key ${batch.key} stands in the store for other rows.`)
    this.stopAtRefusal(rows, part.refusals)
    return part
  }
  /** A dry run can't let levels below zero; with --allow-negative their rows would go through. */
  private counting(refusals: readonly Refusal[]): readonly Refusal[] {
    const { dryRun, allowNegative } = this.options.settings
    return dryRun && allowNegative ? refusals.filter(({ code }) => code !== 'INSUFFICIENT_STOCK') : refusals
  }

  /** The rows that the store is asked about. */
  private judged(chunks: readonly Chunk[]): readonly MovementRow[] {
    const { settings, preparation } = this.options
    const rows = chunks.flatMap(({ rows }) => rows.filter(isMovement))
    return settings.dryRun ? rows.filter(({ movement }) => !preparation.wouldBeNew(movement)) : rows
  }

  private stopAtBadRow(chunks: readonly Chunk[]): void {
    if (!this.options.settings.stopsOnError) return
    for (const { rows } of chunks) {
      for (const row of rows) if (!isMovement(row) && row.rejection.isByRule !== true) throw this.stopped(row, row.rejection.reason)
    }
  }

  private stopAtRefusal(rows: readonly MovementRow[], refusals: readonly Refusal[]): void {
    const [first] = refusals
    const row = rows[first?.index ?? -1]
    if (this.options.settings.stopsOnError && first && row) throw this.stopped(row, first.message)
  }

  private stopped({ number }: ImportRow, reason: string): Stopped {
    const first = number - ((number - 1) % CHUNK_ROWS)
    return new Stopped(`${this.options.file}, row ${number} under the first line: ${reason} Rows from ${first} on were not applied; those before it were.`)
  }

  /** What is refused as a whole and has nothing to go with is refused for good. */
  private async giveUpWaiting(): Promise<void> {
    const { waiting } = this
    this.waiting = undefined
    if (waiting) await this.count(waiting.chunks, waiting.refusals)
  }

  private async count(chunks: readonly Chunk[], refusals: readonly Refusal[]): Promise<void> {
    const refused = new Map(refusals.map((refusal) => [refusal.index, refusal]))
    const judged = new Map(this.judged(chunks).map((row, index) => [row, index] as const))
    for (const row of chunks.flatMap(({ rows }) => rows)) {
      this.report.rows += 1
      const rejection = isMovement(row) ? rejectionOf(refused.get(judged.get(row) ?? -1)) : row.rejection
      if (rejection) await this.reject(row, rejection)
      else this.report.applied += 1
    }
  }

  private async reject({ values }: ImportRow, { cause, reason }: Rejection): Promise<void> {
    this.report.rejected += 1
    this.report.causes[cause] = (this.report.causes[cause] ?? 0) + 1
    this.report.rejectedFile = this.rejectedFile?.path ?? null
    await this.rejectedFile?.add(values, reason)
  }

  private keyOf(chunk: Chunk | undefined): string {
    return keyWithin(this.options.key, chunk?.number ?? 0)
  }
}

const rejectionOf = (refusal: Refusal | undefined): Rejection | undefined => refusal && { cause: refusal.code, reason: refusal.message }
