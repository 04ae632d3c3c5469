import { renameSync, rmSync } from 'node:fs'
import type { EventStore, Logger } from '../../application/ports.ts'
import { createProjector } from '../../application/projector.ts'
import { seal } from '../seal.ts'
import { withoutIndexes } from './bulk-load.ts'
import { gathered } from './gathered.ts'
import { openReadModel } from './read-model.ts'

export interface RebuildOptions {
  readonly file: string
  /** Open in this process: so nobody else has the read model. */
  readonly store: Pick<EventStore, 'id' | 'head' | 'read'>
  readonly logger: Logger
  readonly onProgress: (position: number) => void
}

const BATCH_EVENTS = 5_000

/** Makes the read model anew beside the old one, which stays as it is until the new one takes its place. */
export async function rebuildReadModel({ file, store, logger, onProgress }: RebuildOptions): Promise<void> {
  const fresh = `${file}.new`
  remove(fresh, '', '-wal', '-shm', '.seal')
  const { tables, close } = openReadModel({ file: fresh, logId: store.id })
  try {
    const projector = createProjector({ tables, bus: { publish: () => undefined }, logger })
    const makeIndexes = withoutIndexes(fresh)
    for await (const events of gathered(store.read(0), BATCH_EVENTS)) {
      projector.project(events)
      onProgress(tables.checkpoint())
    }
    makeIndexes()
  } finally {
    close()
  }
  // What the old one had beside it must never be taken for the new one's.
  remove(file, '-wal', '-shm', '.seal')
  renameSync(fresh, file)
  remove(fresh, '.seal')
  seal(file)
}

function remove(file: string, ...suffixes: readonly string[]): void {
  for (const suffix of suffixes) rmSync(file + suffix, { force: true })
}
