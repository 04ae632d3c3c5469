import { Command } from 'commander'
import type { LogSource, LogTarget } from '../infrastructure/migration/chain.ts'
import { checkLog, copyChain } from '../infrastructure/migration/migrate.ts'
import { openSource, openTarget } from '../infrastructure/migration/open.ts'
import { UsageError } from './errors.ts'
import { type Progress, startProgress } from './progress.ts'
import { cliLogger } from './store.ts'

interface MigrateOptions { readonly from: string; readonly to: string }

export const migrateCommand = (): Command => new Command('migrate')
  .description('copy a whole log into another kind of store, event for event and hash for hash; nothing may write to it meanwhile')
  .requiredOption('--from <url>', 'file:FOLDER, or mysql://user:password@host:3306/database')
  .requiredOption('--to <url>', 'the same: an empty folder, or an empty database')
  .addHelpText('after', '\nBroken off, it goes on where it was when it is run again. Clients keep their cursors: it is the same log.\n')
  .action(migrate)

async function migrate({ from, to }: MigrateOptions): Promise<void> {
  for (const [option, url] of [['from', from], ['to', to]] as const) requireUrl(option, url)
  const source = await openSource(from, cliLogger())
  try {
    const target = await openTarget(to, source.id, cliLogger())
    await copy(source, target)
    await check(source, to)
  } finally {
    await source.close()
  }
}

/** Its text is not repeated: it may hold a password. */
function requireUrl(option: string, url: string): void {
  if (/^file:./.test(url) || /^mysql:\/\/[^/]+\/[^/]+$/.test(url)) return
  throw new UsageError(`--${option} is no store: write file:FOLDER, such as file:./store, or mysql://user:password@host:3306/database.`)
}

async function copy(source: LogSource, target: LogTarget): Promise<void> {
  const progress = startProgress('Copy', source.end.position)
  try {
    await copyChain(source, target, shown(progress))
  } finally {
    progress.stop()
    await target.close()
  }
}

/** What was written is read again: it is the same from the first event to the last. */
async function check(source: LogSource, to: string): Promise<void> {
  const copied = await openSource(to, cliLogger())
  const progress = startProgress('Check', source.end.position)
  try {
    const { position, sha256 } = await checkLog(copied, { onProgress: shown(progress) })
    progress.stop()
    if (sha256 !== source.end.sha256) throw new Error('The copy is not the same log: take no use of it.')
    process.stdout.write(`${position} events are copied and verified.\nHead ${sha256}\n`)
  } finally {
    progress.stop()
    await copied.close()
  }
}

const shown = (progress: Progress) => (position: number, last: number): void => { progress.update(position, `${position} of ${last} events`) }
