import { LRUCache } from 'lru-cache'
import type { EventStore, RecordedEvent } from './ports.ts'
import { projections, stockLevels } from './projections/index.ts'
import { foldRows } from './projector.ts'
import type { Projection, ReadModel, RowChange, StockLevelVersion } from './read-model.ts'
import { subjectOf } from '../domain/streams.ts'

export interface FoldingPorts {
  readonly store: Pick<EventStore, 'readStream'>
  readonly readModel: Pick<ReadModel, 'stockLevelsAfter'>
}

interface Row { readonly version: number }
interface Wanted { readonly projection: Projection<object>; readonly key: string; readonly version: number }

const ROWS_MAX = 50_000
/** So many versions of stock levels are asked for at once. */
const VERSIONS_MAX = 500

/**
 * What events make of rows that are kept elsewhere, and may be ahead of the events there. It goes by versions: a row
 * before an event is the one right after the event before it, from memory, from the timeline or from the stream.
 */
export class Folding {
  private readonly rows = new LRUCache<string, Row>({ max: ROWS_MAX })

  constructor(private readonly ports: FoldingPorts) {}

  /** Events in log order, all up to which are projected. To be kept once the changes are there. */
  async changesOf(events: readonly RecordedEvent[]): Promise<readonly RowChange[]> {
    const before = new Map<string, Row>()
    const missing: Wanted[] = []
    for (const { projection, key, version } of firstOfEach(events)) {
      const known = this.rows.get(nameOf(projection.name, key))
      if (known?.version === version) before.set(nameOf(projection.name, key), known)
      else if (version > 0) missing.push({ projection, key, version })
    }
    for (const [name, row] of await this.found(missing)) before.set(name, row)
    return foldRows({ row: (projection, key) => before.get(nameOf(projection, key)) }, events)
  }

  keep(changes: readonly RowChange[]): void {
    for (const { projection, key, after } of changes) this.rows.set(nameOf(projection, key), after as Row)
  }

  private async found(wanted: readonly Wanted[]): Promise<readonly (readonly [string, Row])[]> {
    const levels = wanted.filter(({ projection }) => projection === stockLevels)
    const others = wanted.filter(({ projection }) => projection !== stockLevels)
    const pages = Array.from({ length: Math.ceil(levels.length / VERSIONS_MAX) }, (_, n) => levels.slice(n * VERSIONS_MAX, (n + 1) * VERSIONS_MAX))
    return (await Promise.all([...pages.map((page) => this.levels(page)), ...others.map(async (one) => [await this.folded(one)])])).flat()
  }

  private async levels(wanted: readonly Wanted[]): Promise<readonly (readonly [string, Row])[]> {
    const { value } = await this.ports.readModel.stockLevelsAfter(wanted.map(({ key, version }) => ({ ...subjectOf(key), version }) as StockLevelVersion))
    return wanted.map(({ projection, key, version }, n) => {
      const level = value[n]
      if (!level) throw new Error(`The read model does not know ${key} at version ${version}.`)
      return [nameOf(projection.name, key), level]
    })
  }

  /** All other streams are short. */
  private async folded({ projection, key, version }: Wanted): Promise<readonly [string, Row]> {
    const events = (await this.ports.store.readStream(key, 1)).slice(0, version)
    const row = events.reduce<object | undefined>((before, event) => projection.evolve(before, event), undefined)
    if (events.length < version || !row) throw new Error(`Stream ${key} has no event ${version}.`)
    return [nameOf(projection.name, key), row as Row]
  }
}

const nameOf = (projection: string, key: string): string => `${projection} ${key}`

/** Which rows the events begin with, and the versions that they have to have. */
function firstOfEach(events: readonly RecordedEvent[]): Iterable<Wanted> {
  const first = new Map<string, Wanted>()
  for (const event of events) {
    for (const projection of projections) {
      const key = projection.keyOf(event)
      const name = key === undefined ? '' : nameOf(projection.name, key)
      if (key !== undefined && !first.has(name)) first.set(name, { projection, key, version: event.version - 1 })
    }
  }
  return first.values()
}
