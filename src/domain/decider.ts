/**
 * An aggregate as three pure values: where it begins, what a command makes happen, and what that changes.
 * Time and ids come in with the command, so that the same call gives the same answer for ever.
 */
export interface Decider<State, Command, Event> {
  readonly initialState: State
  /** The events that the command gives on this state: none where nothing changes. Throws a DomainError as refusal. */
  decide(state: State, command: Command): readonly Event[]
  evolve(state: State, event: Event): State
}

/** The state after these events. */
export function fold<State, Event>(
  decider: Pick<Decider<State, never, Event>, 'evolve'>,
  state: State,
  events: Iterable<Event>,
): State {
  for (const event of events) state = decider.evolve(state, event)
  return state
}
