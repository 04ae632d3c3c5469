import { DomainError } from '../../domain/errors.ts'
import type { ReceivedLine, TransferEvent, TransferredLine } from '../../domain/events.ts'
import { requireCount } from '../../domain/lines.ts'
import { requireOpen } from '../../domain/location.ts'
import { identifier } from '../../domain/text.ts'
import { type Transfer, type TransferCommand, TRANSFER_LINES_MAX } from '../../domain/transfer.ts'
import { transfers, transferView } from '../projections/transfers.ts'
import { type AnyStream, locationStream, stockStream, transferStream } from '../streams.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { TransferView } from '../views.ts'
import { type CommandContext, frame, lastOf, rowAfter } from './context.ts'
import type { DispatchTransfer, PromiseCommands } from './promise-types.ts'
import { Refusals } from './refusals.ts'
import { dispatchStock, type StockTarget, stockTarget } from './stock-levels.ts'
import type { Answer, Caller, Documented, Expecting, Keyed } from './types.ts'

type TransferCommands = Pick<PromiseCommands, 'dispatchTransfer' | 'receiveTransfer' | 'cancelTransfer'>

export function transferCommands(context: CommandContext): TransferCommands {
  return {
    dispatchTransfer: (command, caller) => dispatchTransfer(context, command, caller),
    receiveTransfer(command, caller) {
      const { lines } = command
      return onTransfer(context, command, caller, { type: 'ReceiveTransfer', ...(lines && { lines }) })
    },
    cancelTransfer: (command, caller) => onTransfer(context, command, caller, { type: 'CancelTransfer' }),
  }
}

/** What leaves one location and is expected at the other. */
interface Leg { readonly quantity: number; readonly from: StockTarget; readonly to: StockTarget }

async function dispatchTransfer(context: CommandContext, command: DispatchTransfer, caller: Caller): Promise<Answer<TransferView>> {
  const { from, to, lines, reference = null } = command
  const framed = frame(context, 'DispatchTransfer', command, caller)
  const ends = Object.entries({ from, to })
  for (const [field, code] of ends) identifier(code, field)
  const legs = readLegs(command)
  const id = context.ids.next()
  const stream = { ...transferStream(id), isNew: true }
  return context.execute<TransferView>({
    ...framed,
    streams: [stream, locationStream(from), locationStream(to), ...legs.flatMap((leg) => [...Object.values(leg.from.streams), leg.to.streams.stock])],
    decide(work) {
      for (const [field, code] of ends) work.check(locationStream(code), (location) => requireOpen(location, code, field))
      work.dispatch(stream, { type: 'DispatchTransfer', from, to, lines })
      send(work, legs, id)
    },
    answer: (work) => shown(work, stream, { id, reference, dispatchedAt: work.now }),
    replay: (events) => rowAfter(context, transfers, lastOf(events.filter(isOnTransfer))),
  })
}

function readLegs({ from, to, lines }: DispatchTransfer): readonly Leg[] {
  requireCount(lines, TRANSFER_LINES_MAX)
  const refusals = new Refusals()
  const legs = lines.flatMap(({ sku, quantity }, index) => refusals.attemptLine(index, () =>
    ({ quantity, from: stockTarget({ sku, location: from }), to: stockTarget({ sku, location: to }) })) ?? [])
  refusals.throwAny()
  return legs
}

/** Each line on what those before it have left; every line that can't be sent is told of at once. */
function send(work: UnitOfWork, legs: readonly Leg[], transferId: string): void {
  const refusals = new Refusals()
  for (const [index, { quantity, from, to }] of legs.entries()) {
    refusals.attemptLine(index, () => {
      dispatchStock(work, from, { type: 'DispatchStock', transferId, quantity })
      work.dispatch(to.streams.stock, { type: 'ExpectStock', transferId, quantity })
    })
  }
  refusals.throwAny()
}

type OnTransfer = Keyed & Expecting & Documented & { readonly id: string }

/** The transfer and its stock at both ends in one append. Neither its ends nor its lines ever change. */
async function onTransfer(context: CommandContext, command: OnTransfer, caller: Caller, decision: TransferCommand): Promise<Answer<TransferView>> {
  const framed = frame(context, decision.type, command, caller)
  const { value: [view] } = await context.readModel.transfers([command.id])
  if (!view) throw new DomainError('NOT_FOUND', 'There is no transfer of this id.', { id: command.id }, ['id'])
  const stream = transferStream(view.id)
  return context.execute<TransferView>({
    ...framed,
    streams: [stream, ...streamsOf(view)],
    decide(work) {
      work.dispatch(stream, decision, command)
      for (const { event } of work.events.slice()) settle(work, view, event as TransferEvent)
    },
    answer: (work) => shown(work, stream, view),
    replay: (events) => rowAfter(context, transfers, lastOf(events.filter(isOnTransfer))),
  })
}

const streamsOf = ({ from, to, lines }: TransferView): readonly AnyStream[] =>
  [locationStream(from), locationStream(to), ...lines.flatMap(({ sku }) => [stockStream(sku, from), stockStream(sku, to)])]

function settle(work: UnitOfWork, view: TransferView, event: TransferEvent): void {
  switch (event.type) {
    case 'TransferDispatched': return
    case 'TransferReceived': for (const line of event.data.lines) receive(work, view, line); return
    case 'TransferCancelled': for (const line of event.data.lines) takeBack(work, view, line)
  }
}

const receive = (work: UnitOfWork, { id: transferId, to }: TransferView, { sku, received, missing }: ReceivedLine): void => {
  work.dispatch(stockStream(sku, to), { type: 'ReceiveExpectedStock', transferId, received, missing })
}

function takeBack(work: UnitOfWork, { id: transferId, from, to }: TransferView, { sku, quantity }: TransferredLine): void {
  work.dispatch(stockStream(sku, to), { type: 'CancelExpectedStock', transferId, quantity })
  work.dispatch(stockStream(sku, from), { type: 'TakeBackDispatchedStock', transferId, quantity })
}

const shown = (work: UnitOfWork, stream: AnyStream, first: Pick<TransferView, 'id' | 'reference' | 'dispatchedAt'>): TransferView =>
  transferView(first, work.state<Transfer>(stream), { version: work.version(stream), occurredAt: work.now })

const isOnTransfer = ({ stream }: { readonly stream: string }): boolean => stream.startsWith('transfer:')
