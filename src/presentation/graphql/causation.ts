import type { Caller } from '../../application/commands/types.ts'

const NONE = {}
const ID = /^[\w.:-]{1,128}$/

/** The event that a request answers, where it names one: a webhook's receiver does. What can't be an id is passed over. */
export const causation = (given: unknown): Pick<Caller, 'causationId'> => (typeof given === 'string' && ID.test(given) ? { causationId: given } : NONE)
