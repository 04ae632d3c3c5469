import { join } from 'node:path'
import { Command } from 'commander'
import { systemClock } from '../infrastructure/clock.ts'
import { openEventLog } from '../infrastructure/event-log/log.ts'
import { rebuildReadModel } from '../infrastructure/read-model/rebuild.ts'
import { startProgress } from './progress.ts'
import { cliLogger, requireFiles, requireStore, storeOption } from './store.ts'

export const rebuildCommand = (): Command => new Command('rebuild')
  .description('make the read model anew from the log, beside the old one, and swap them; no server may run on the store')
  .addOption(storeOption())
  .action(rebuild)

async function rebuild({ store: directory }: { readonly store: string }): Promise<void> {
  requireFiles()
  requireStore(directory)
  const logger = cliLogger()
  const store = await openEventLog({ directory, clock: systemClock, logger })
  const progress = startProgress('Rebuild', store.head())
  try {
    await rebuildReadModel({
      file: join(directory, 'read-model.sqlite'), store, logger,
      onProgress: (position) => { progress.update(position, `${position} of ${store.head()} events`) },
    })
    progress.stop()
    process.stdout.write(`The read model is made anew from ${store.head()} events.\n`)
  } finally {
    progress.stop()
    await store.close()
  }
}
