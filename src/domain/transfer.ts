import type { Decider } from './decider.ts'
import { DomainError, invalidInput, within } from './errors.ts'
import type { ReceivedLine, TransferEvent, TransferredLine } from './events.ts'
import { requireCount } from './lines.ts'
import { StockQuantity } from './quantity.ts'

export const TRANSFER_LINES_MAX = 1_000

export interface TransferLine extends TransferredLine {
  readonly received: number
  /** Lost or damaged on the way. */
  readonly missing: number
}

interface Dispatched {
  readonly from: string
  readonly to: string
  readonly lines: readonly TransferLine[]
}
export type NotDispatched = { readonly kind: 'notDispatched' }
export type InTransit = { readonly kind: 'inTransit' } & Dispatched
export type EndedTransfer = { readonly kind: 'received' | 'cancelled' } & Dispatched
export type Transfer = NotDispatched | InTransit | EndedTransfer

export type TransferCommand =
  | { readonly type: 'DispatchTransfer'; readonly from: string; readonly to: string; readonly lines: readonly TransferredLine[] }
  /**
   * Without lines, all arrived. A line that is named is closed by it: what is short of what was sent is missing.
   * A line that is not named stays on its way.
   */
  | { readonly type: 'ReceiveTransfer'; readonly lines?: readonly TransferredLine[] }
  | { readonly type: 'CancelTransfer' }

export const transfer: Decider<Transfer, TransferCommand, TransferEvent> = {
  initialState: { kind: 'notDispatched' },
  decide,
  evolve,
}

/** What of a line is still on its way. */
export const inTransit = (line: TransferLine): number => line.quantity - line.received - line.missing

function decide(state: Transfer, command: TransferCommand): readonly TransferEvent[] {
  switch (command.type) {
    case 'DispatchTransfer': {
      if (state.kind !== 'notDispatched') throw new DomainError('ALREADY_EXISTS', 'A transfer of this id was dispatched already.', {}, ['id'])
      const { from, to } = command
      if (from === to) throw invalidInput('to', 'to must be another location than from.')
      return [{ type: 'TransferDispatched', data: { from, to, lines: mergeLines(command.lines) } }]
    }
    case 'ReceiveTransfer':
      return [{ type: 'TransferReceived', data: { lines: receivedLines(requireInTransit(state), command.lines) } }]
    case 'CancelTransfer':
      return [{ type: 'TransferCancelled', data: { lines: openLines(requireInTransit(state)) } }]
  }
}

function evolve(state: Transfer, event: TransferEvent): Transfer {
  if (event.type === 'TransferDispatched') {
    const lines = event.data.lines.map((line) => ({ ...line, received: 0, missing: 0 }))
    return { kind: 'inTransit', from: event.data.from, to: event.data.to, lines }
  }
  if (state.kind === 'notDispatched') return state
  switch (event.type) {
    case 'TransferReceived': return receive(state, event.data.lines)
    case 'TransferCancelled': return { ...state, kind: 'cancelled' }
  }
}

function receive(state: InTransit | EndedTransfer, arrived: readonly ReceivedLine[]): Transfer {
  const bySku = new Map(arrived.map((line) => [line.sku, line]))
  const lines = state.lines.map((line) => {
    const { received = 0, missing = 0 } = bySku.get(line.sku) ?? {}
    return { ...line, received: line.received + received, missing: line.missing + missing }
  })
  return { ...state, kind: lines.some((line) => inTransit(line) > 0) ? 'inTransit' : 'received', lines }
}

export function requireInTransit(state: Transfer): InTransit {
  if (state.kind === 'inTransit') return state
  if (state.kind === 'notDispatched') throw new DomainError('NOT_FOUND', 'There is no transfer of this id.', {}, ['id'])
  throw new DomainError('INVALID_STATE', `The transfer is ${state.kind} already.`, { status: state.kind.toUpperCase() }, ['id'])
}

function openLines(state: InTransit): readonly TransferredLine[] {
  return state.lines.map((line) => ({ sku: line.sku, quantity: inTransit(line) })).filter((line) => line.quantity > 0)
}

function mergeLines(lines: readonly TransferredLine[]): readonly TransferredLine[] {
  requireCount(lines, TRANSFER_LINES_MAX)
  const merged = new Map<string, TransferredLine>()
  for (const [index, { sku, quantity }] of lines.entries()) {
    const before = StockQuantity.of(merged.get(sku)?.quantity ?? 0)
    const more = within(['lines', String(index)], () => StockQuantity.atLeast(1, quantity))
    merged.set(sku, { sku, quantity: StockQuantity.add(before, more) })
  }
  return [...merged.values()]
}

function receivedLines(state: InTransit, named: readonly TransferredLine[] | undefined): readonly ReceivedLine[] {
  const open = new Map(openLines(state).map((line) => [line.sku, line.quantity]))
  if (named === undefined) return [...open].map(([sku, quantity]) => ({ sku, received: quantity, missing: 0 }))
  requireCount(named, TRANSFER_LINES_MAX)
  return named.map((line, index) => {
    const received = within(['lines', String(index)], () => StockQuantity.atLeast(0, line.quantity))
    const sent = open.get(line.sku) ?? 0
    if (sent === 0 || received > sent) {
      throw new DomainError('INVALID_INPUT', `Only ${sent} of ${line.sku} are on their way in this transfer.`, { requested: received, inTransit: sent }, ['lines', String(index), 'quantity'])
    }
    open.delete(line.sku)
    return { sku: line.sku, received, missing: sent - received }
  })
}
