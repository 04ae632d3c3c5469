import { number } from '../format.ts'
import { words } from '../i18n/index.ts'

/** How many lines, and how much of all is open. */
export function contentsOf<Line extends { readonly quantity: number }>(lines: readonly Line[], openOf: (line: Line) => number): string {
  const { documents: text } = words.value
  const all = lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const open = lines.reduce((sum, line) => sum + openOf(line), 0)
  return open === 0 ? text.closedText(lines.length, number(lines.length), number(all)) : text.contentsText(lines.length, number(lines.length), number(open), number(all))
}
