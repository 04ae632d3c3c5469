import Database from 'better-sqlite3'
import { Command } from 'commander'
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { copyLog } from '../infrastructure/event-log/copy.ts'
import { diskFiles } from '../infrastructure/event-log/files.ts'
import { CommandFailed, UsageError } from './errors.ts'
import { requireFiles, requireStore, storeOption } from './store.ts'

/** What is not in the log and can't be made from it. */
const KEYS = ['webhook.key', 'api-keys.json']
const DELIVERIES = 'webhooks.sqlite'

export const backupCommand = (): Command => new Command('backup')
  .description('copy the store to a new folder, up to its last event, and verify the copy; a server may run on the store meanwhile')
  .argument('<to>', 'the folder for the copy; it is made, and must be empty where it is there')
  .addOption(storeOption())
  .addHelpText('after', '\nThe copy is a store: a server that is started with STORE_DIR set to it goes on from there. It holds keys, so keep it as you keep the store.\n')
  .action(backup)

async function backup(to: string, { store }: { readonly store: string }): Promise<void> {
  requireFiles()
  requireStore(store)
  await requireEmpty(to)
  await mkdir(to, { recursive: true, mode: 0o700 })
  // First how far deliveries are, so that the log is not behind it: what is delivered after that is delivered again.
  await copyDeliveries(store, to)
  await copyKeys(store, to)
  const { events, head } = await copyLog(store, to).catch((error: unknown) => {
    throw new CommandFailed(`The backup in ${to} is not whole, take no use of it: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  })
  await diskFiles.syncDirectory(to)
  process.stdout.write(`${to} holds ${events} events and is verified.\nHead ${head}\n`)
}

async function requireEmpty(to: string): Promise<void> {
  const names = await readdir(to).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UsageError(`${to} is no folder: name one that is empty, or a new one.`, { cause: error })
  })
  if (names.length > 0) throw new UsageError(`${to} is not empty: name a new folder, so that no backup takes the place of another.`)
}

async function copyDeliveries(store: string, to: string): Promise<void> {
  const file = join(store, DELIVERIES)
  if (!existsSync(file)) return
  const database = new Database(file, { readonly: true })
  try {
    await database.backup(join(to, DELIVERIES))
  } finally {
    database.close()
  }
}

async function copyKeys(store: string, to: string): Promise<void> {
  for (const name of KEYS.filter((key) => existsSync(join(store, key)))) await copyFile(join(store, name), join(to, name), constants.COPYFILE_EXCL)
}
