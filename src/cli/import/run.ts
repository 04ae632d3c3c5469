import { stat } from 'node:fs/promises'
import { CommandFailed } from '../errors.ts'
import type { Progress } from '../progress.ts'
import { importKey } from './keys.ts'
import { FileImport, type ImportSettings, Stopped } from './file-import.ts'
import { createPreparation } from './preparation.ts'
import { type FileReport, type ImportReport, totalOf } from './report.ts'
import type { ImportTarget } from './target.ts'

export interface ImportRun {
  readonly files: readonly string[]
  readonly settings: ImportSettings
  readonly target: ImportTarget
  readonly progress: Progress
}

/** How many bytes there are to read; a sentence where a file is not there. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => {
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) throw new CommandFailed(`There is no file ${file}.`)
    return found.size
  }))
  return sizes.reduce((total, size) => total + size, 0)
}

/** The files one after the other, in the order given: stock is a matter of order. */
export async function runImport({ files, settings, target, progress }: ImportRun): Promise<ImportReport> {
  const started = performance.now()
  const preparation = createPreparation(target, settings)
  const reports: FileReport[] = []
  let bytes = 0
  let stopped: string | undefined
  for (const file of files) {
    const key = await importKey(file, settings.mapping, settings.presetName)
    const one = new FileImport({ file, key, settings, target, preparation, onBytes: (count) => { bytes += count } })
    reports.push(one.report)
    stopped = await untilStopped(one, () => { progress.update(bytes, statusOf(reports)) })
    if (stopped !== undefined) break
  }
  const seconds = (performance.now() - started) / 1_000
  return { files: reports, ...totalOf(reports), created: preparation.created, dryRun: settings.dryRun, seconds, ...(stopped !== undefined && { stopped }) }
}

async function untilStopped(one: FileImport, onStep: () => void): Promise<string | undefined> {
  try {
    await one.run(onStep)
    return undefined
  } catch (error) {
    if (error instanceof Stopped) return error.message
    throw error
  }
}

function statusOf(reports: readonly FileReport[]): string {
  const { rows, applied, rejected } = totalOf(reports)
  return `${rows} rows, ${applied} applied, ${rejected} rejected`
}
