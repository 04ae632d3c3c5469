import type { Line } from './chart.tsx'

/** The names of a chart's lines. */
export function Legend({ lines }: { readonly lines: readonly Line[] }) {
  return <ul class="legend">{lines.map(({ name, colour }) => <li key={name}><i class={`key ${colour}`} aria-hidden="true" />{name}</li>)}</ul>
}
