import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask } from '../api/client.ts'
import { STOCK_LEVEL } from '../api/stock.ts'
import type { Change, Level } from '../api/types.ts'
import { onChanges } from '../live/changes.ts'
import { useAsked } from '../view/asked.ts'

/** One stock level as it is now: null where there is none, undefined until it is known. */
export function useLevel(sku: string, location: string, onLive: (changes: readonly Change[]) => void) {
  const { data, error, again } = useAsked(`${location} ${sku}`, () => ask(STOCK_LEVEL, { sku, location }))
  const [newest, setNewest] = useState<Level>()
  const see = useCallback((level: Level) => { setNewest((before) => (before && before.version >= level.version ? before : level)) }, [])
  useEffect(() => onChanges((changes) => {
    const own = changes.filter(({ stockLevel }) => stockLevel.product.sku === sku && stockLevel.location.code === location)
    const last = own.at(-1)
    if (!last) return
    see(last.stockLevel)
    onLive(own)
  }), [sku, location])
  const asked = data?.stockLevel
  const level = newest && newest.version >= (asked?.version ?? 0) ? newest : asked
  return { level, error, again, see }
}
