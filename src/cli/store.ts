import { existsSync } from 'node:fs'
import { Option } from 'commander'
import type { Logger } from '../application/ports.ts'
import { type Composition, compose } from '../compose.ts'
import { readConfig } from '../config.ts'
import { systemClock } from '../infrastructure/clock.ts'
import { logFolder } from '../infrastructure/event-log/segment.ts'
import { uuidV7 } from '../infrastructure/ids.ts'
import { openLogger } from '../infrastructure/telemetry/logger.ts'
import { CommandFailed } from './errors.ts'

/** What a command of a few seconds has to say besides its answer: only what is wrong, and never on standard output. */
export const cliLogger = (): Logger => openLogger({ level: 'warn', fd: 2 })

export const storeOption = (): Option =>
  new Option('--store <folder>', 'where the event log lives; STORE_DIR says it for all commands').default(readConfig().storeDirectory)

/** Nobody else waits for a command of the command line, so it waits for a disk that is slow. */
const CALL_MS_MAX = 600_000

/** The application on the store in the folder, for this process alone. Whoever opens it closes it. */
export function openStore(directory: string): Promise<Composition> {
  const { eventStoreUrl, readModelUrl } = readConfig()
  return compose({ directory, eventStoreUrl, nodes: { readModelUrl }, clock: systemClock, ids: uuidV7, logger: cliLogger(), isUncached: true, callMsMax: CALL_MS_MAX })
}

/** For commands that only make sense where something is. */
export function requireStore(directory: string): void {
  if (readConfig().eventStoreUrl !== 'file:' || existsSync(logFolder(directory))) return
  throw new CommandFailed(`There is no store in ${directory}: name the folder with --store, or with STORE_DIR.`)
}

/** For commands that go to the files of the log itself. */
export function requireFiles(): void {
  if (readConfig().eventStoreUrl === 'file:') return
  throw new CommandFailed('The events are in a database, as EVENT_STORE_URL says: back it up with the tools of the database; a node makes its read model anew where read-model.sqlite is deleted.')
}
