import { useRef } from 'preact/hooks'
import { number } from '../format.ts'

/** A number that flashes when it changes: up in one colour, down in another, and with an arrow for who sees no colours. */
export function Quantity({ value }: { readonly value: number }) {
  const shown = useRef({ value, turn: 0, direction: '' })
  if (shown.current.value !== value) {
    shown.current = { value, turn: shown.current.turn + 1, direction: value > shown.current.value ? 'rose' : 'fell' }
  }
  const { turn, direction } = shown.current
  // Two animations of one look take turns: another name is what begins a flash anew, without an element anew.
  return <span class={`quantity ${direction} ${turn % 2 === 0 ? 'even' : 'odd'} ${value < 0 ? 'negative' : ''}`}>{number(value)}</span>
}
