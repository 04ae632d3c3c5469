import { useRef, useState } from 'preact/hooks'
import { tell } from '../api/client.ts'
import type { Answered, Command } from '../api/commands.ts'
import { messageOf } from '../view/failure.tsx'
import { refusalText } from './refusal-text.ts'

/** What stands beside a field, by its path in the input, such as lines.2.quantity; beside none of them under ''. */
export type Refusals = Readonly<Record<string, string>>
export type Phase = 'idle' | 'sending' | 'done'

/**
 * Sends commands of one form. `fieldOf` names the field of the form that a path in the input is; '' where it is none
 * of them.
 */
export function useSending(fieldOf: (path: string) => string) {
  const [refusals, refuse] = useState<Refusals>({})
  const [phase, setPhase] = useState<Phase>('idle')
  // The same until there is an answer, so that sending again after a broken connection has one effect.
  const key = useRef(newKey())

  /** Resolves with the answer, also where it is a refusal; with undefined where the server could not be reached. */
  async function send<Answer>(document: Command<Answer>, input: Readonly<Record<string, unknown>>): Promise<(Answer & Answered) | undefined> {
    setPhase('sending')
    refuse({})
    try {
      const { answer } = await tell(document, { input: { ...input, idempotencyKey: key.current } })
      key.current = newKey()
      refuse(Object.fromEntries(answer.userErrors.map((error) => [fieldOf(error.field?.slice(1).join('.') ?? ''), refusalText(error)])))
      setPhase(answer.userErrors.length === 0 ? 'done' : 'idle')
      return answer
    } catch (error) {
      refuse({ '': messageOf(error) })
      setPhase('idle')
      return undefined
    }
  }

  return { refusals, refuse, phase, send }
}

/** Also where the page comes over plain HTTP, and there is no crypto.randomUUID. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
