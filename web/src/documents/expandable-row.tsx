import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { words } from '../i18n/index.ts'

interface ExpandableRowProps {
  readonly id: string
  /** What the row is of, for who hears it. */
  readonly name: string
  readonly cells: ComponentChildren
  readonly columns: number
  readonly isOpenAtFirst: boolean
  readonly children: ComponentChildren
}

/** A row whose last cell opens what there is to do with it. What is not open is not drawn. */
export function ExpandableRow({ id, name, cells, columns, isOpenAtFirst, children }: ExpandableRowProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  return (
    <>
      <tr data-row={id} class={isOpen ? 'opened' : ''}>
        {cells}
        <td class="more">
          <button type="button" class="plain opener" aria-expanded={isOpen} aria-label={words.value.documents.show(name)} onClick={() => { setOpen(!isOpen) }}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 6l4 4 4-4" /></svg>
          </button>
        </td>
      </tr>
      {isOpen && <tr class="opened-content"><td colSpan={columns}>{children}</td></tr>}
    </>
  )
}
