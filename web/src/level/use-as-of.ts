import { useEffect, useState } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { STOCK_LEVEL_AS_OF } from '../api/stock.ts'
import type { Quantities } from '../api/types.ts'

/** A slider that is drawn names a moment with every pixel: the one where it rests is asked for. */
const RESTS_MS = 120

interface Answer { readonly at: number; readonly quantities: Quantities | null }

/** The server's answer for a moment, in milliseconds since 1970: null where there was no such stock level, undefined until it is there. */
export function useAsOf(sku: string, location: string, at: number | undefined): Quantities | null | undefined {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    if (at === undefined) return undefined
    let isCurrent = true
    const timer = window.setTimeout(() => {
      ask(STOCK_LEVEL_AS_OF, { sku, location, asOf: new Date(at).toISOString() }).then(
        ({ stockLevel }) => { if (isCurrent) setAnswer({ at, quantities: stockLevel?.quantities ?? null }) },
        // What the page can tell by itself stays.
        () => undefined,
      )
    }, RESTS_MS)
    return () => {
      isCurrent = false
      window.clearTimeout(timer)
    }
  }, [sku, location, at])
  return answer?.at === at ? answer?.quantities : undefined
}
