import type { Commands } from './commands/types.ts'
import { Unavailable } from './ports.ts'

/** The commands of a node that is there for questions alone: each is refused, and told where to go. */
export function refusedCommands(commands: Commands, writeUrl?: string): Commands {
  const where = writeUrl === undefined ? 'to a node that takes commands (ROLE=all or ROLE=write)' : `to ${writeUrl}`
  const refuse = (): Promise<never> => Promise.reject(new Unavailable(`This node answers questions and takes no commands: send them ${where}, with the same idempotencyKey.`))
  return Object.fromEntries(Object.keys(commands).map((name) => [name, refuse])) as unknown as Commands
}
