/** What clocks at a place show, as an input of type datetime-local has it: to the second. */
export function localTimeOf(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T')
}

/**
 * The moment at which clocks at a place show this; undefined where the text is no time. Of an hour that is there twice,
 * the first; of one that is skipped, as much later as is skipped.
 */
export function momentOf(localTime: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${localTime}Z`)
  if (Number.isNaN(asUtc)) return undefined
  const aheadAt = (at: number): number => Date.parse(`${localTimeOf(at, timeZone)}Z`) - at
  const candidates = [asUtc - aheadAt(asUtc - DAY_MS), asUtc - aheadAt(asUtc + DAY_MS)]
  return candidates.find((at) => at + aheadAt(at) === asUtc) ?? candidates[0]
}

const DAY_MS = 86_400_000
