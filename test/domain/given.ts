import { expect } from 'chai'
import type { Decider } from '../../src/domain/decider.ts'
import { fold } from '../../src/domain/decider.ts'
import type { DomainErrorCode, ErrorDetails } from '../../src/domain/errors.ts'
import { DomainError } from '../../src/domain/errors.ts'

interface Outcome<Event> {
  then(events: readonly Event[]): void
  refused(code: DomainErrorCode, details?: ErrorDetails, message?: string): void
}

/** The refusal that the action ends in; fails where it ends in anything else. */
export function refusal(action: () => unknown): DomainError {
  try {
    action()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('Expected a refusal.')
}

/** given(decider, events).when(command).then(events), or .refused(code, details). */
export function given<State, Command, Event>(decider: Decider<State, Command, Event>, events: readonly Event[] = []) {
  const state = fold(decider, decider.initialState, events)
  return {
    state,
    when: (command: Command): Outcome<Event> => ({
      then: (expected) => { expect(decider.decide(state, command)).to.deep.equal(expected) },
      refused: (code, details, message = '') => {
        const error = refusal(() => decider.decide(state, command))
        expect(error.code).to.equal(code)
        for (const [name, value] of Object.entries(details ?? {})) expect(error.details[name]).to.deep.equal(value)
        expect(error.message).to.include(message)
      },
    }),
  }
}
