import { invalidInput } from '../../domain/errors.ts'
import { line, prose } from '../../domain/text.ts'
import type { Documented, Keyed } from './types.ts'

export const reference = (value: string): string => line(value, 'reference', 128)
export const note = (value: string): string => prose(value, 'note', 1_000)
export const idempotencyKey = (value: string): string => line(value, 'idempotencyKey', 128)

/** What every command may carry, checked: INVALID_INPUT names the field. */
export function checkDocument(command: Documented & Keyed, now: number): void {
  const { occurredAt } = command
  if (command.reference !== undefined) reference(command.reference)
  if (command.note !== undefined) note(command.note)
  if (command.idempotencyKey !== undefined) idempotencyKey(command.idempotencyKey)
  if (occurredAt !== undefined && occurredAt > now) {
    throw invalidInput('occurredAt', `occurredAt must not be in the future: it is ${new Date(now).toISOString()} here.`)
  }
}
