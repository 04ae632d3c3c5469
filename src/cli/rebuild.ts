import { join } from 'node:path'
import { Command } from 'commander'
import type { EventStore, Logger } from '../application/ports.ts'
import { readConfig } from '../config.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { openEventLog } from '../infrastructure/event-log/log.ts'
import { openMysqlEventStore } from '../infrastructure/mysql/event-store.ts'
import { rebuildReadModel } from '../infrastructure/read-model/rebuild.ts'
import type { RebuildOptions } from '../infrastructure/mysql-read-model/rebuild.ts'
import { startProgress } from './progress.ts'
import { cliLogger, requireFiles, requireStore, storeOption } from './store.ts'

export const rebuildCommand = (): Command => new Command('rebuild')
  .description('make the read model anew from the log, beside the old one, and swap them; no server may run on a store of files')
  .addOption(storeOption())
  .action(rebuild)

async function rebuild({ store: directory }: { readonly store: string }): Promise<void> {
  const { readModelUrl } = readConfig()
  if (readModelUrl === 'file:') requireFiles()
  requireStore(directory)
  const logger = cliLogger()
  const store = await openEvents(directory, logger)
  const progress = startProgress('Rebuild', store.head())
  const onProgress = (position: number): void => { progress.update(position, `${position} of ${store.head()} events`) }
  try {
    if (readModelUrl === 'file:') await rebuildReadModel({ file: join(directory, 'read-model.sqlite'), store, logger, onProgress })
    else await rebuildShared({ url: readModelUrl, store, onProgress })
    progress.stop()
    process.stdout.write(`The read model is made anew from ${store.head()} events.\n`)
  } finally {
    progress.stop()
    await store.close()
  }
}

/** Loaded only where a database is asked for. */
async function rebuildShared(options: RebuildOptions): Promise<void> {
  const { rebuildMysqlReadModel } = await import('../infrastructure/mysql-read-model/rebuild.ts')
  await rebuildMysqlReadModel(options)
}

function openEvents(directory: string, logger: Logger): Promise<EventStore> {
  const { eventStoreUrl: url } = readConfig()
  return url === 'file:' ? openEventLog({ directory, clock: systemClock, logger }) : openMysqlEventStore({ url, clock: systemClock, logger })
}
