const SIGNS: Readonly<Record<string, string>> = {
  OPEN: 'M8 4v4l2.5 2M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2',
  IN_TRANSIT: 'M2.5 8h10M9 4.5 12.5 8 9 11.5',
  PENDING: 'M8 4v4l2.5 2M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2',
  FULFILLED: 'M3 8.5l3.2 3.2L13 5',
  RECEIVED: 'M3 8.5l3.2 3.2L13 5',
  DELIVERED: 'M3 8.5l3.2 3.2L13 5',
  FAILED: 'M4 4l8 8M12 4l-8 8',
}

/** A state, as a sign and a word: never by colour alone. */
export function StatusBadge({ status, name }: { readonly status: string; readonly name: string }) {
  const sign = SIGNS[status]
  return <span class={`badge status ${status.toLowerCase()}`}>{sign && <svg viewBox="0 0 16 16" aria-hidden="true"><path d={sign} /></svg>}{name}</span>
}
