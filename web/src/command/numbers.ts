/** The whole number that was written, from `least` on; undefined where it is none. */
export function wholeNumber(text: string, least: number): number | undefined {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isSafeInteger(value) && value >= least ? value : undefined
}
