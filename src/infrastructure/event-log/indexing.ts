import type { Logger } from '../../application/ports.ts'
import type { Files } from './files.ts'
import { LogIndex, type FoundIndex } from './index.ts'
import type { Recovered } from './recovery.ts'
import { LOG_START, walkLog, type Batch, type Place } from './scan.ts'
import { listSegments } from './segment.ts'

/** Enough events that a transaction costs little for each, few enough that it does not hold up the rest. */
export const INDEX_EVENTS_AT_ONCE = 2_000

async function catchUp(files: Files, directory: string, index: LogIndex, from: Place, end: Place): Promise<void> {
  let batches: Batch[] = []
  let events = 0
  const reached = await walkLog(files, directory, from, (batch) => {
    batches.push(batch)
    events += batch.events.length
    if (events < INDEX_EVENTS_AT_ONCE) return
    index.add(batches)
    batches = []
    events = 0
  })
  index.add(batches)
  if (reached.hash !== end.hash) throw new Error('it is of another history')
}

/** Throws where a segment between the first and the last is gone. */
async function requireSegments(files: Files, directory: string, index: LogIndex): Promise<void> {
  const segments = await listSegments(files, directory)
  for (const [n, first] of segments.entries()) {
    if (index.at(first - 1)?.segment !== segments[n - 1]) throw new Error('it knows other segments')
  }
}

const UNUSABLE = 'The index of the log can not be used.'

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The index that is there, where it can be trusted. */
export function findIndex(directory: string, logger: Logger): FoundIndex | undefined {
  try {
    return LogIndex.open(directory)
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, UNUSABLE)
    return undefined
  }
}

async function continued({ index, checkpoint }: FoundIndex, files: Files, directory: string, log: Recovered): Promise<void> {
  if (checkpoint.log !== log.id) throw new Error('it is of another log')
  await catchUp(files, directory, index, checkpoint, log.end)
  await requireSegments(files, directory, index)
}

/** The index, level with the log: what was found is gone on with where it fits, and built anew where it does not. */
export async function levelIndex(found: FoundIndex | undefined, files: Files, directory: string, log: Recovered, logger: Logger): Promise<LogIndex> {
  if (found) {
    try {
      await continued(found, files, directory, log)
      return found.index
    } catch (error) {
      found.index.close()
      logger.warn({ reason: reasonOf(error) }, UNUSABLE)
    }
  }
  if (log.end.position > 0) logger.info({ events: log.end.position }, 'Building the index of the log.')
  const index = LogIndex.create(directory, log.id, LOG_START)
  try {
    await catchUp(files, directory, index, LOG_START, log.end)
    return index
  } catch (error) {
    index.close()
    throw error
  }
}
