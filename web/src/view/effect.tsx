import { signed } from '../format.ts'
import { words } from '../i18n/index.ts'
import type { Effect } from '../stock/effect.ts'

/** What an event did, quantity by quantity; nothing where it touched none. */
export function EffectText({ effect }: { readonly effect: Effect }) {
  const { quantities } = words.value
  const parts = (['onHand', 'reserved', 'unavailable', 'incoming'] as const).filter((name) => effect[name] !== 0)
  return (
    <>
      {parts.map((name) => (
        <span key={name} class="effect"><b class={effect[name] > 0 ? 'gain' : 'loss'}>{signed(effect[name])}</b> {quantities[name].toLocaleLowerCase()}</span>
      ))}
    </>
  )
}
