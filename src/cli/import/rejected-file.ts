import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { access, constants, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { csvLine } from '../csv.ts'

const COLUMN = 'rejected'

export interface RejectedFile {
  readonly path: string
  add(values: readonly string[], reason: string): Promise<void>
  close(): Promise<void>
}

/** The rows that were not used, with the reason beside each. There is no file before the first, so none where there are none. */
export async function openRejectedFile(file: string, columns: readonly string[], isDryRun: boolean): Promise<RejectedFile> {
  const path = join(await folderFor(file), `${basename(file)}${isDryRun ? '.dry-run' : ''}.rejected.csv`)
  await rm(path, { force: true })
  // A file of rejected rows that comes back has the column already.
  const before = columns.indexOf(COLUMN)
  const kept = (values: readonly string[]): readonly string[] => (before < 0 ? values : values.filter((_, index) => index !== before))
  let stream: WriteStream | undefined
  return {
    path,
    async add(values, reason) {
      stream ??= await create(path, csvLine([...kept(columns), COLUMN]))
      if (!stream.write(csvLine([...kept(values), reason]))) await once(stream, 'drain')
    },
    async close() {
      stream?.end()
      if (stream) await finished(stream)
    },
  }
}

/** Beside the file; where that folder can't be written, here. */
async function folderFor(file: string): Promise<string> {
  try {
    await access(dirname(file), constants.W_OK)
    return dirname(file)
  } catch {
    return '.'
  }
}

async function create(path: string, firstLine: string): Promise<WriteStream> {
  const stream = createWriteStream(path)
  await once(stream, 'open')
  stream.write(firstLine)
  return stream
}
