import { useId } from 'preact/hooks'

interface QuantityInputProps {
  /** Its path in the command's input, such as lines.2.quantity. */
  readonly name: string
  /** Left out where a label of its own names it by its id. */
  readonly label?: string
  readonly id?: string
  readonly value: string
  readonly refusal: string | undefined
  readonly hint?: string | undefined
  readonly onChange: (value: string) => void
}

/** A number in a table, or beside a button, with what was refused under it. */
export function QuantityInput({ name, label, id, value, refusal, hint, onChange }: QuantityInputProps) {
  const toldId = useId()
  const told = refusal ?? hint
  return (
    <div class="quantity-input">
      <input
        id={id} type="text" inputMode="numeric" autoComplete="off" name={name} aria-label={label} value={value}
        aria-invalid={refusal !== undefined} aria-describedby={told === undefined ? undefined : toldId}
        onInput={({ currentTarget }) => { onChange(currentTarget.value) }}
      />
      {told !== undefined && <p id={toldId} class={refusal === undefined ? 'hint' : 'refusal'} role={refusal === undefined ? undefined : 'alert'}>{told}</p>}
    </div>
  )
}
