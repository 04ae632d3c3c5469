import { number } from '../format.ts'
import { words } from '../i18n/index.ts'
import type { List } from './use-list.ts'

export function Pager({ list: { page, from, next, previous } }: { readonly list: List<unknown> }) {
  const { documents: text } = words.value
  if (!page || (!next && !previous)) return null
  return (
    <div class="pager">
      <span>{text.shown(number(from), number(from + page.nodes.length - 1), number(page.totalCount))}</span>
      <button type="button" disabled={!previous} onClick={previous}>{text.previous}</button>
      <button type="button" disabled={!next} onClick={next}>{text.next}</button>
    </div>
  )
}
