import type { UserError } from '../api/types.ts'
import { number } from '../format.ts'
import { words } from '../i18n/index.ts'

/** A refusal in the reader's language where its code and details say it all; else in the server's words. */
export function refusalText({ code, message, details }: UserError): string {
  const { refusals } = words.value
  const { requested, available, open, inTransit } = details ?? {}
  const left = [available, open, inTransit].find((value) => typeof value === 'number')
  if (code === 'VERSION_CONFLICT') return refusals.conflict
  if (code === 'INVALID_STATE' && typeof details?.status === 'string') return refusals.ended
  if (typeof requested === 'number' && left !== undefined) return refusals.shortage(number(requested), number(Math.max(0, left)))
  return message
}
