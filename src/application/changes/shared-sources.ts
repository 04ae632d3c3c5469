import type { Projected } from '../read-model.ts'
import type { Change, Source } from './follower.ts'

/** Those who follow the same have one source, which looks through what was projected once for all of them. */
export interface SharedSources {
  /** The source of this kind with this filter, made where nobody has it. Kept until all that took it let it go. */
  take<Found extends Change>(kind: string, filter: object, make: () => Source<Found>): { readonly source: Source<Found>; letGo(): void }
}

export function createSharedSources(): SharedSources {
  const shared = new Map<string, { readonly source: Source<Change>; followers: number }>()
  return {
    take<Found extends Change>(kind: string, filter: object, make: () => Source<Found>) {
      const key = `${kind} ${JSON.stringify(filter)}`
      const found = shared.get(key) ?? { source: rememberingLast(make()), followers: 0 }
      shared.set(key, found)
      found.followers += 1
      return {
        // A kind has one type of changes.
        source: found.source as Source<Found>,
        letGo() {
          found.followers -= 1
          if (found.followers === 0) shared.delete(key)
        },
      }
    },
  }
}

/** The bus tells one batch to all before it tells the next. */
function rememberingLast<Found extends Change>(source: Source<Found>): Source<Found> {
  let last: Projected | undefined
  let found: readonly Found[] = []
  return {
    ...source,
    projected(batch) {
      if (batch !== last) [last, found] = [batch, source.projected(batch)]
      return found
    },
  }
}
