import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RelayLedger } from '../../application/relay.ts'

/** For a store that one process alone writes to: how far it is published, in a file beside the log. Without it, all is published again. */
export function openFileLedger(directory: string, logId: string): RelayLedger {
  const file = join(directory, 'relay.json')
  const kept = readFile(file, 'utf8').then((text) => positionIn(text, logId), () => 0)
  let position: number | undefined
  return {
    async claim() { return position ??= await kept },
    async advance(to) {
      await writeFile(`${file}.new`, JSON.stringify({ logId, position: to }))
      await rename(`${file}.new`, file)
      position = to
      return true
    },
    release: () => Promise.resolve(),
  }
}

/** What was published of another log, or stands there damaged, says nothing. */
function positionIn(text: string, logId: string): number {
  try {
    const kept = JSON.parse(text) as { readonly logId?: unknown; readonly position?: unknown } | null
    return kept?.logId === logId && Number.isSafeInteger(kept.position) ? Number(kept.position) : 0
  } catch {
    return 0
  }
}
