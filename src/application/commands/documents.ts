import { invalidInput } from '../../domain/errors.ts'
import { line, prose } from '../../domain/text.ts'
import type { Documented, Keyed } from './types.ts'

/** What every command may carry, checked: INVALID_INPUT names the field. */
export function checkDocument({ reference, note, occurredAt, idempotencyKey }: Documented & Keyed, now: number): void {
  if (reference !== undefined) line(reference, 'reference', 128)
  if (note !== undefined) prose(note, 'note', 1_000)
  if (idempotencyKey !== undefined) line(idempotencyKey, 'idempotencyKey', 128)
  if (occurredAt !== undefined && occurredAt > now) {
    throw invalidInput('occurredAt', `occurredAt must not be in the future: it is ${new Date(now).toISOString()} here.`)
  }
}
