import { join } from 'node:path'
import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { upcast } from '../domain/upcasting.ts'
import { DamagedLog } from '../infrastructure/event-log/errors.ts'
import { diskFiles } from '../infrastructure/event-log/files.ts'
import { LOG_START, walkLog } from '../infrastructure/event-log/scan.ts'
import { type Verified, verifyLog } from '../infrastructure/event-log/verify.ts'
import { checkLog } from '../infrastructure/migration/migrate.ts'
import { openSource } from '../infrastructure/migration/open.ts'
import { compareReadModel } from '../infrastructure/read-model/compare.ts'
import { CommandFailed } from './errors.ts'
import { startProgress } from './progress.ts'
import { cliLogger, requireStore, storeOption } from './store.ts'

interface VerifyOptions { readonly head?: string; readonly store: string }

export const verifyCommand = (): Command => new Command('verify')
  .description('check the whole log, and that the read model is what it says; changes nothing, and may run beside a server')
  .option('--head <hash>', 'a head hash of earlier: is it still in the chain?')
  .addOption(storeOption())
  .addHelpText('after', '\nExit code 1 where something is damaged, missing or different.\n')
  .action(verify)

async function verify({ head, store }: VerifyOptions): Promise<void> {
  const { eventStoreUrl } = readConfig()
  if (eventStoreUrl !== 'file:') {
    await verifyDatabase(eventStoreUrl, head)
    return
  }
  requireStore(store)
  await verifyChain(store, head)
  await verifyReadModel(store)
}

/** The log that several nodes share. What is made from it is not looked at. */
async function verifyDatabase(url: string, head: string | undefined): Promise<void> {
  const source = await openSource(url, cliLogger())
  const progress = startProgress('Log', source.end.position)
  try {
    const found = await checkLog(source, { head, onProgress: (position, last) => { progress.update(position, `${position} of ${last} events`) } })
    progress.stop()
    told({ events: found.position, head: found.sha256, headFound: head === undefined ? undefined : found.headFound }, head)
  } finally {
    progress.stop()
    await source.close()
  }
}

async function verifyChain(store: string, head: string | undefined): Promise<void> {
  const found = await verifyLog(store, head === undefined ? {} : { head }).catch((error: unknown) => {
    if (!(error instanceof DamagedLog)) throw error
    throw new CommandFailed(`${error.file} is damaged at byte ${error.byte}: ${error.reason}. Restore the file from a backup.`, { cause: error })
  })
  told(found, head)
}

function told(found: Pick<Verified, 'events' | 'head' | 'headFound'>, head: string | undefined): void {
  process.stdout.write(`The log is whole: ${found.events} events.\nHead ${found.head}\n`)
  if (found.headFound === false) throw new CommandFailed(`The head ${head ?? ''} is not in this log: it is another log, or what led to that head was changed.`)
  if (found.headFound) process.stdout.write(`The head ${head ?? ''} is in it.\n`)
}

async function verifyReadModel(store: string): Promise<void> {
  const file = join(store, 'read-model.sqlite')
  const progress = startProgress('Read model', 1)
  try {
    const found = await compareReadModel({
      file,
      walk: async (onEvents) => { await walkLog(diskFiles, store, LOG_START, ({ events }) => { onEvents(events.map(({ event }) => upcast(event))) }) },
      onProgress: (position, last) => { progress.update(position / last, `${position} of ${last} events`) },
    })
    progress.stop()
    if (found === undefined) process.stdout.write('There is no read model yet: the next start makes it.\n')
    else if (found.differences.length === 0) process.stdout.write(`The read model is what the log says up to event ${found.position}: ${found.rows} rows.\n`)
    else throw new CommandFailed(`The read model is not what the log says:\n${found.differences.map((difference) => `  ${difference}\n`).join('')}Stop the server and run stockstream rebuild.`)
  } finally {
    progress.stop()
  }
}
