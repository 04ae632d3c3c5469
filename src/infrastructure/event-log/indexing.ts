import type { Logger } from '../../application/ports.ts'
import type { Files } from './files.ts'
import { LogIndex } from './index.ts'
import type { Recovered } from './recovery.ts'
import { LOG_START, walkLog, type Batch, type Place } from './scan.ts'

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

async function continued(files: Files, directory: string, log: Recovered): Promise<LogIndex | undefined> {
  const found = LogIndex.open(directory, log.id)
  if (!found) return undefined
  try {
    if (found.checkpoint.position > log.end.position) throw new Error('it is ahead of the log')
    await catchUp(files, directory, found.index, found.checkpoint, log.end)
    return found.index
  } catch (error) {
    found.index.close()
    throw error
  }
}

/** The index, level with the log: what is there is gone on with where it fits, and built anew where it does not. */
export async function openIndex(files: Files, directory: string, log: Recovered, logger: Logger): Promise<LogIndex> {
  try {
    const index = await continued(files, directory, log)
    if (index) return index
    if (log.end.position > 0) logger.info({ events: log.end.position }, 'The log has no index; building it.')
  } catch (error) {
    logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'The index of the log can not be used; building it anew.')
  }
  const index = LogIndex.create(directory, log.id, LOG_START)
  try {
    await catchUp(files, directory, index, LOG_START, log.end)
    return index
  } catch (error) {
    index.close()
    throw error
  }
}
