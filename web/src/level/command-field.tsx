import { words } from '../i18n/index.ts'
import { type FieldName, isNumber } from './commands.ts'

interface CommandFieldProps {
  readonly field: FieldName
  readonly value: string | boolean
  readonly reasons: readonly string[]
  /** Why the server, or this page, did not take it. */
  readonly refusal: string | undefined
  readonly onChange: (value: string | boolean) => void
}

export function CommandField({ field, value, reasons, refusal, onChange }: CommandFieldProps) {
  const id = `field-${field}`
  const shared = { id, name: field, 'aria-invalid': refusal !== undefined, 'aria-describedby': refusal === undefined ? undefined : `${id}-refusal` }
  if (typeof value === 'boolean') {
    return <label class="check"><input {...shared} type="checkbox" checked={value} onChange={({ currentTarget }) => { onChange(currentTarget.checked) }} /> {titleOf(field)}</label>
  }
  return (
    <div class={`field ${field}`}>
      <label for={id}>{titleOf(field)}</label>
      {field === 'reason'
        ? <select {...shared} value={value} onChange={({ currentTarget }) => { onChange(currentTarget.value) }}>{reasons.map((reason) => <option key={reason} value={reason}>{words.value.reasons[reason] ?? reason}</option>)}</select>
        : (
          <input
            {...shared} type="text" autoComplete="off" inputMode={isNumber(field) ? 'numeric' : 'text'} value={value} placeholder={hintOf(field)}
            onInput={({ currentTarget }) => { onChange(currentTarget.value) }}
          />
        )}
      {refusal !== undefined && <p class="refusal" id={`${id}-refusal`} role="alert">{refusal}</p>}
    </div>
  )
}

function titleOf(field: FieldName): string {
  const { commands, level, quantities } = words.value
  if (field === 'safetyStock') return quantities.safetyStock
  return field in commands ? commands[field as keyof Pick<typeof commands, 'quantity' | 'counted' | 'reason' | 'reference' | 'note'>] : level[field as 'reorderPoint']
}

function hintOf(field: FieldName): string | undefined {
  const { commands, level } = words.value
  if (field === 'reference') return commands.referenceHint
  if (field === 'note') return commands.optional
  return field === 'reorderPoint' || field === 'reorderQuantity' ? level.none : undefined
}
