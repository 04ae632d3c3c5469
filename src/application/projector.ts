import { type Observer, unobserved } from './observer.ts'
import type { EventBus, EventStore, Logger, RecordedEvent } from './ports.ts'
import { projections } from './projections/index.ts'
import type { Projected, ProjectionTables, RowChange } from './read-model.ts'

export interface Projector {
  /**
   * Events in log order, whether new or known: those up to the checkpoint are passed over. Returns the rows that
   * changed, an entry an event and row, in the order of the events. All is committed, or nothing. A hole before
   * the events is a ProjectionGap.
   */
  project(events: readonly RecordedEvent[]): readonly RowChange[]
  /** Projects all that the log holds beyond the checkpoint, also what is added meanwhile. */
  catchUp(store: Pick<EventStore, 'head' | 'read'>): Promise<void>
}

/** The log and the projections don't meet: events are missing between them, or the log ends before the checkpoint. */
export class ProjectionGap extends Error {
  override readonly name = 'ProjectionGap'
  constructor(readonly checkpoint: number, readonly position: number) {
    super(`All is projected up to ${checkpoint}; the log goes on at ${position}.`)
  }
}

export interface ProjectorPorts {
  readonly tables: ProjectionTables
  /** Told of all that is projected, once it is committed. */
  readonly bus: Pick<EventBus<Projected>, 'publish'>
  readonly logger: Logger
  readonly observer?: Pick<Observer, 'projection'>
}

export function createProjector({ tables, bus, logger, observer = unobserved }: ProjectorPorts): Projector {
  function project(events: readonly RecordedEvent[]): readonly RowChange[] {
    const from = tables.checkpoint()
    const news = events.filter(({ position }) => position > from)
    const last = news.at(-1)
    if (last === undefined) return []
    requireUnbroken(from, news)
    const startedAt = performance.now()
    const changes = foldRows(tables, news)
    tables.commit(changes, from, last.position)
    observer.projection({ milliseconds: performance.now() - startedAt }, news)
    bus.publish({ events: news, changes })
    return changes
  }

  async function catchUp(store: Pick<EventStore, 'head' | 'read'>): Promise<void> {
    const from = tables.checkpoint()
    if (from > store.head()) throw new ProjectionGap(from, store.head() + 1)
    while (tables.checkpoint() < store.head()) {
      const before = tables.checkpoint()
      for await (const events of store.read(before)) project(events)
      if (tables.checkpoint() === before) throw new Error(`The log has events up to ${store.head()}, and gives none after ${before}.`)
    }
    const position = tables.checkpoint()
    if (position > from) logger.info({ from, position }, 'The projections caught up with the log.')
  }

  return { project, catchUp }
}

function requireUnbroken(from: number, events: readonly RecordedEvent[]): void {
  let checkpoint = from
  for (const { position } of events) {
    if (position !== checkpoint + 1) throw new ProjectionGap(checkpoint, position)
    checkpoint = position
  }
}

/** What the events make of the rows: read once, and then carried from event to event. */
export function foldRows(tables: Pick<ProjectionTables, 'row'>, events: readonly RecordedEvent[]): readonly RowChange[] {
  const changes: RowChange[] = []
  const buffers = projections.map(projection => ({ projection, rows: new Map<string, object>() }))
  for (const event of events) {
    for (const { projection, rows } of buffers) {
      const key = projection.keyOf(event)
      if (key === undefined) continue
      const before = rows.get(key) ?? tables.row(projection.name, key)
      const after = projection.evolve(before, event)
      rows.set(key, after)
      changes.push({ projection: projection.name, key, event, before, after })
    }
  }
  return changes
}
