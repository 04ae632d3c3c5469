import type { Execute, Execution } from '../execute.ts'
import type { Clock, Digest, EventStore, Ids, RecordedEvent } from '../ports.ts'
import type { Projection, ReadModel } from '../read-model.ts'
import { checkDocument } from './documents.ts'
import type { Caller, Documented, Keyed } from './types.ts'

/** What the commands are made of. */
export interface CommandContext {
  readonly execute: Execute
  readonly store: EventStore
  readonly readModel: ReadModel
  readonly clock: Clock
  readonly ids: Ids
  readonly digest: Digest
}

/** The parts of an execution that are made the same way for each command. Checks what every command may carry. */
export function frame(
  context: CommandContext,
  name: string,
  command: Keyed & Documented,
  caller: Caller,
): Pick<Execution<never>, 'caller' | 'document' | 'idempotency'> {
  checkDocument(command, context.clock.now())
  const { idempotencyKey: key, ...content } = command
  const fingerprint = (): string => context.digest(JSON.stringify([name, content, caller.actor ?? null]))
  return { caller, document: command, idempotency: key === undefined ? undefined : { key, fingerprint: fingerprint() } }
}

/** A row as it was right after `last`, folded from its stream. */
export async function rowAfter<Row extends object>(
  { store }: CommandContext,
  projection: Projection<Row>,
  last: RecordedEvent,
): Promise<Row> {
  let row: Row | undefined
  for (const event of await store.readStream(last.stream, 1)) {
    if (event.version <= last.version) row = projection.evolve(row, event)
  }
  if (!row) throw new Error(`Stream ${last.stream} lost its event ${last.version}.`)
  return row
}

export const lastOf = (events: readonly RecordedEvent[]): RecordedEvent => {
  const last = events.at(-1)
  if (!last) throw new Error('A command that is remembered has events.')
  return last
}
