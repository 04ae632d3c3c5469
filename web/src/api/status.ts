import { signal } from '@preact/signals'

/** Where the log ends and where the read model has got to. */
export interface Status { readonly head: number; readonly projected: number }

const EVERY_MS = 2_000
/** The Date header knows no less than a second. */
const SKEW_NOTICED_MS = 1_500

export const status = signal<Status | undefined>(undefined)
let skewMs = 0

/** The server's clock, as far as this one differs from it. */
export const serverNow = (): number => Date.now() + skewMs

/** Keeps the status fresh while somebody looks. */
export function watchStatus(): void {
  const look = async (): Promise<void> => {
    if (!document.hidden) status.value = await readStatus()
    window.setTimeout(() => void look(), EVERY_MS)
  }
  void look()
}

async function readStatus(): Promise<Status | undefined> {
  try {
    const response = await fetch('/readyz')
    const skew = Date.parse(response.headers.get('date') ?? '') - Date.now()
    skewMs = Math.abs(skew) > SKEW_NOTICED_MS ? skew : 0
    return (await response.json()) as Status
  } catch {
    return undefined
  }
}
