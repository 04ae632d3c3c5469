import type { TransferEvent } from '../../domain/events.ts'
import { parseStream } from '../../domain/streams.ts'
import { transfer, type Transfer } from '../../domain/transfer.ts'
import type { RecordedEvent } from '../ports.ts'
import type { StateProjection } from '../read-model.ts'
import type { TransferView } from '../views.ts'

export const transfers: StateProjection<TransferView, Transfer> = {
  name: 'transfers',
  keyOf: ({ stream }) => (stream.startsWith('transfer:') ? stream : undefined),
  evolve(row, event) {
    const state = transfer.evolve(row ? stateOf(row) : transfer.initialState, event as RecordedEvent<TransferEvent>)
    return transferView(row ?? dispatchedWith(event), state, event)
  },
  stateOf,
}

const STATUSES = { inTransit: 'IN_TRANSIT', received: 'RECEIVED', cancelled: 'CANCELLED' } as const
const KINDS = { IN_TRANSIT: 'inTransit', RECEIVED: 'received', CANCELLED: 'cancelled' } as const

export function transferView(
  { id, reference, dispatchedAt }: Pick<TransferView, 'id' | 'reference' | 'dispatchedAt'>,
  state: Transfer,
  { version, occurredAt }: Pick<RecordedEvent, 'version' | 'occurredAt'>,
): TransferView {
  if (state.kind === 'notDispatched') throw new Error(`Transfer ${id} was never dispatched.`)
  const { kind, from, to, lines } = state
  const completedAt = kind === 'inTransit' ? null : occurredAt
  return { id, status: STATUSES[kind], from, to, lines, reference, dispatchedAt, completedAt, version }
}

/** What the first event alone says. */
const dispatchedWith = ({ stream, occurredAt, metadata }: RecordedEvent) =>
  ({ id: parseStream(stream).parts[0] ?? '', reference: metadata.reference ?? null, dispatchedAt: occurredAt })

function stateOf({ status, from, to, lines }: TransferView): Transfer {
  return { kind: KINDS[status], from, to, lines }
}
