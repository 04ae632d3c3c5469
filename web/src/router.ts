import { computed, signal } from '@preact/signals'

/** The address after the #: #/stock/LIS/TEA is ['stock', 'LIS', 'TEA']. */
export interface Route { readonly path: readonly string[]; readonly params: URLSearchParams }

const hash = signal(window.location.hash)
window.addEventListener('hashchange', () => { hash.value = window.location.hash })

export const route = computed<Route>(() => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?')
  return { path: path.split('/').filter(Boolean).map(decode), params: new URLSearchParams(query) }
})

export const href = (path: readonly string[], params: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${query && `?${query}`}`
}

/** Changes what a page is asked for without a new step in the browser's history. Empty values are left out. */
export function setParams(changes: Readonly<Record<string, string>>): void {
  const { path, params } = route.value
  window.history.replaceState(null, '', href(path, { ...Object.fromEntries(params), ...changes }))
  hash.value = window.location.hash
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
