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
): Framed {
  checkDocument(command, context.clock.now())
  return { caller, document: command, idempotency: command.idempotencyKey === undefined ? undefined : idempotencyOf(context, name, command, caller) }
}

interface Framed extends Pick<Execution<never>, 'caller' | 'idempotency'> { readonly document: Documented }

function idempotencyOf({ digest }: CommandContext, name: string, { idempotencyKey: key = '', ...content }: Keyed & Documented, { actor }: Caller): Framed['idempotency'] {
  return { key, fingerprint: digest(JSON.stringify([name, content, actor ?? null])) }
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
