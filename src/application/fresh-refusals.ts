import { DomainError, DomainErrors } from '../domain/errors.ts'
import type { Commands } from './commands/types.ts'
import type { EventStore } from './ports.ts'

type AnyCommand = (command: never, caller: never) => Promise<unknown>

/**
 * Where others write to the log as well, a refusal may rest on what is old here. So it is told only where the command is
 * refused once more, after all is taken in that was there when it was refused first.
 */
export function freshRefusals(commands: Commands, refresh: NonNullable<EventStore['refresh']>): Commands {
  const fresh = (command: AnyCommand): AnyCommand => async (...input) => {
    try {
      return await command(...input)
    } catch (error) {
      if (!(error instanceof DomainError || error instanceof DomainErrors)) throw error
      await refresh()
      return command(...input)
    }
  }
  return Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, fresh(command as AnyCommand)])) as unknown as Commands
}
