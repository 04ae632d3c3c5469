import { DomainError, DomainErrors } from '../domain/errors.ts'
import type { Answer, Caller, Commands, Keyed } from './commands/types.ts'
import { type Observer, unobserved } from './observer.ts'
import { type Owner, OwnedElsewhere, type Owners } from './ownership.ts'
import { type PlainRefusal, plainRefusal, refusalOf } from './plain-refusal.ts'
import { Unavailable } from './ports.ts'

/** Where a node takes what others give it: not for clients. */
export const FORWARDED_PATH = '/nodes/commands'

/** What is given to the owner of a stock level: their commands and answers are plain JSON, and small. */
export const FORWARDED = [
  'addStock', 'removeStock', 'countStock', 'setStockAside', 'putStockBack', 'setStockPolicy',
  'reserveStock', 'fulfillReservation', 'releaseReservation', 'dispatchTransfer', 'receiveTransfer', 'cancelTransfer',
] as const satisfies readonly (keyof Commands)[]
export type ForwardedName = typeof FORWARDED[number]

/** A command that another node has let in, and who asks for it. */
export interface Given { readonly name: ForwardedName; readonly command: Keyed; readonly caller: Caller }

/** How it ended there. */
export type Outcome =
  | { readonly kind: 'done'; readonly answer: Answer<unknown> }
  | { readonly kind: 'refused'; readonly refusals: readonly PlainRefusal[]; readonly isOne: boolean }
  | { readonly kind: 'unavailable'; readonly message: string; readonly retryAfterMs: number }
  | { readonly kind: 'failed' }

/** What the owner can't do for now, another node may be able to. `untaken`: it is certain that nothing was done. `unanswered`: it may have been, or may yet be. */
export type Reply = Outcome | { readonly kind: 'untaken' } | { readonly kind: 'unanswered' }

export interface Peers {
  /** Never rejects. */
  give(owner: Owner, given: Given): Promise<Reply>
  close(): void
}

/** Perhaps; it may yet be, too. */
type Undone = Extract<Reply, { readonly kind: 'unavailable' | 'unanswered' }>

type AnyCommand = (command: Keyed, caller: Caller) => Promise<Answer<unknown>>

export interface ForwardingPorts {
  /** Reject with OwnedElsewhere where another node is to be asked. */
  readonly routed: Commands
  /** The same, done here whoever owns what they are about. */
  readonly here: Commands
  readonly peers: Peers
  readonly owners: Pick<Owners, 'passOver'>
  /** Resolves once the position is shown here: who was answered by this node sees it here. */
  reach(position: number): Promise<void>
  readonly observer?: Pick<Observer, 'step'> | undefined
}

/** Commands that are given to the owner of what they are about, where there is one. */
export function forwardingCommands({ routed, here, ...ports }: ForwardingPorts): Commands {
  const forwarding = FORWARDED.map((name) => [name, forwarded(name, routed[name] as AnyCommand, here[name] as AnyCommand, ports)])
  return { ...here, ...Object.fromEntries(forwarding) as Pick<Commands, ForwardedName> }
}

function forwarded(name: ForwardedName, routed: AnyCommand, here: AnyCommand, { peers, owners, reach, observer = unobserved }: Omit<ForwardingPorts, 'routed' | 'here'>): AnyCommand {
  return async (command, caller) => {
    try {
      return await routed(command, caller)
    } catch (error) {
      if (!(error instanceof OwnedElsewhere)) throw error
      const startedAt = performance.now()
      const reply = await peers.give(error.owner, { name, command, caller })
      const hasAnswered = reply.kind === 'done' || reply.kind === 'refused'
      observer.step({ step: 'forward', caller, milliseconds: performance.now() - startedAt, ...(!hasAnswered && { failure: reply.kind }) })
      if (reply.kind === 'untaken' || reply.kind === 'unanswered' || reply.kind === 'unavailable') owners.passOver(error.owner)
      if (reply.kind === 'untaken') return here(command, caller)
      if (reply.kind === 'unanswered' || reply.kind === 'unavailable') return sure(command, reply, () => here(command, caller))
      const answer = answerOf(reply)
      if (answer.position !== undefined) await reach(answer.position)
      return answer
    }
  }
}

/**
 * What the owner may yet do is safe to do here with a key alone: it takes effect once. A refusal would be none, should the
 * owner come back and do it.
 */
async function sure(command: Keyed, reply: Undone, attempt: () => Promise<Answer<unknown>>): Promise<Answer<unknown>> {
  const unknown = reply.kind === 'unavailable' ? new Unavailable(reply.message, reply.retryAfterMs)
    : new Unavailable('The node that decides on this for now does not answer, and may have done it: ask again, with the same idempotencyKey.', 500)
  if (command.idempotencyKey === undefined) throw unknown
  try {
    return await attempt()
  } catch (error) {
    throw error instanceof DomainError || error instanceof DomainErrors ? unknown : error
  }
}

function answerOf(outcome: Exclude<Outcome, Undone>): Answer<unknown> {
  switch (outcome.kind) {
    case 'done': return outcome.answer
    case 'refused': {
      const [first, ...more] = outcome.refusals.map(refusalOf)
      throw first && outcome.isOne ? first : new DomainErrors(first ? [first, ...more] : [])
    }
    case 'failed': throw new Error('The command failed at the node that it was given to.')
  }
}

/** Does what another node has given. Rejects where something went wrong here. */
export function takeGiven(here: Commands): (given: Given) => Promise<Outcome> {
  return async ({ name, command, caller }) => {
    try {
      return { kind: 'done', answer: await (here[name] as AnyCommand)(command, caller) }
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'refused', refusals: [plainRefusal(error)], isOne: true }
      if (error instanceof DomainErrors) return { kind: 'refused', refusals: error.errors.map(plainRefusal), isOne: false }
      if (error instanceof Unavailable) return { kind: 'unavailable', message: error.message, retryAfterMs: error.retryAfterMs }
      throw error
    }
  }
}
