import { DomainError, DomainErrors } from '../domain/errors.ts'
import type { Answer, Caller, Commands } from './commands/types.ts'
import type { CommandOutcome, Observer } from './observer.ts'
import { Unavailable } from './ports.ts'

type AnyCommand = (command: never, caller: Caller) => Promise<Answer<unknown>>

/** The same commands; the observer is told how each of them ended, and how long it took. */
export function observedCommands(commands: Commands, observer: Pick<Observer, 'command'>): Commands {
  const names = Object.keys(commands) as (keyof Commands)[]
  return Object.fromEntries(names.map((name) => [name, observed(name, commands[name] as AnyCommand, observer)])) as unknown as Commands
}

function observed(name: keyof Commands, run: AnyCommand, observer: Pick<Observer, 'command'>): AnyCommand {
  return async (command, caller) => {
    const startedAt = performance.now()
    const end = (outcome: CommandOutcome): void => { observer.command({ command: name, outcome, milliseconds: performance.now() - startedAt }) }
    try {
      const answer = await run(command, caller)
      end(answered(answer))
      return answer
    } catch (error) {
      end(failed(error))
      throw error
    }
  }
}

function answered({ replayed, position }: Answer<unknown>): CommandOutcome {
  if (replayed) return 'replayed'
  return position === undefined ? 'unchanged' : 'done'
}

function failed(error: unknown): CommandOutcome {
  if (error instanceof DomainError || error instanceof DomainErrors) return 'refused'
  return error instanceof Unavailable ? 'unavailable' : 'failed'
}
