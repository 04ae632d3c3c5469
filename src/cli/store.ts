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
export const openStore = (directory: string): Promise<Composition> =>
  compose({ directory, clock: systemClock, ids: uuidV7, logger: cliLogger(), isUncached: true, callMsMax: CALL_MS_MAX })

/** For commands that only make sense where something is. */
export function requireStore(directory: string): void {
  if (existsSync(logFolder(directory))) return
  throw new CommandFailed(`There is no store in ${directory}: name the folder with --store, or with STORE_DIR.`)
}
