import { DamagedLog } from './errors.ts'
import { diskFiles, type Files } from './files.ts'
import { LOG_START, type Place, walkLog } from './scan.ts'
import { listSegments, logFolder, segmentPath } from './segment.ts'
import { type Verified, verifyLog } from './verify.ts'

const CHUNK_BYTES = 1_048_576

/**
 * Copies the log up to the last batch that is whole when it is read, also while a server writes to it: what is before
 * that never changes. The copy is on disk and verified when it resolves. Throws DamagedLog where the log is damaged.
 */
export async function copyLog(from: string, to: string, files: Files = diskFiles): Promise<Verified> {
  const end = await walkLog(files, from, LOG_START, () => undefined)
  await files.createDirectory(logFolder(to))
  for (const first of (await listSegments(files, from)).filter((segment) => segment <= end.segment)) {
    await copySegment(files, { from: segmentPath(from, first), to: segmentPath(to, first) }, first === end.segment ? end.offset : undefined)
  }
  await files.syncDirectory(logFolder(to))
  return await verified(to, end, files)
}

interface Paths { readonly from: string; readonly to: string }

async function copySegment(files: Files, paths: Paths, bytes: number | undefined): Promise<void> {
  const source = await files.open(paths.from, 'read')
  const target = await files.open(paths.to, 'create')
  try {
    const end = bytes ?? await source.size()
    for (let offset = 0; offset < end; offset += CHUNK_BYTES) await target.write(offset, await source.read(offset, Math.min(CHUNK_BYTES, end - offset)))
    await target.fdatasync()
  } finally {
    await source.close()
    await target.close()
  }
}

async function verified(directory: string, { hash, segment }: Place, files: Files): Promise<Verified> {
  const found = await verifyLog(directory, { files })
  if (found.head !== hash) throw new DamagedLog(segmentPath(directory, segment), 0, 'the copy does not end where the log did')
  return found
}
