import { CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { StoreLocked } from '../infrastructure/event-log/errors.ts'
import { UsageError } from './errors.ts'

/** Runs it; what goes wrong becomes a sentence and an exit code: 2 where something else must be written, 1 otherwise. */
export async function runToExit(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    // Commander has said what was wrong.
    if (!(error instanceof CommanderError)) process.stderr.write(`${sentenceOf(error)}\n`)
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1
}

function sentenceOf(error: unknown): string {
  if (error instanceof StoreLocked) {
    return `Another process has the store ${error.directory} open: stop the server that runs on it, or import through it with --url http://127.0.0.1:4000.`
  }
  return error instanceof Error ? error.message : String(error)
}
