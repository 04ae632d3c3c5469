import { transfer, TRANSFER_LINES_MAX } from '../../src/domain/transfer.ts'
import type { TransferEvent } from '../../src/domain/events.ts'
import { given } from './given.ts'

const lines = [{ sku: 'A', quantity: 5 }]
const dispatched: TransferEvent = { type: 'TransferDispatched', data: { from: 'X', to: 'Y', lines } }
const received: TransferEvent = { type: 'TransferReceived', data: { lines: [{ sku: 'A', received: 3, missing: 2 }] } }

describe('transfer', () => {
  it('leaves for another location', () => {
    given(transfer).when({ type: 'DispatchTransfer', from: 'X', to: 'Y', lines }).then([dispatched])
    given(transfer).when({ type: 'DispatchTransfer', from: 'X', to: 'X', lines }).refused('INVALID_INPUT')
    given(transfer).when({ type: 'DispatchTransfer', from: 'X', to: 'Y', lines: [] }).refused('INVALID_INPUT')
  })
  it('has so many lines at the most', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, n) => ({ sku: `S${n}`, quantity: 1 }))
    const all: TransferEvent = { type: 'TransferDispatched', data: { from: 'X', to: 'Y', lines: lines(TRANSFER_LINES_MAX) } }
    given(transfer).when({ type: 'DispatchTransfer', from: 'X', to: 'Y', lines: lines(TRANSFER_LINES_MAX) }).then([all])
    given(transfer).when({ type: 'DispatchTransfer', from: 'X', to: 'Y', lines: lines(TRANSFER_LINES_MAX + 1) }).refused('LIMIT_EXCEEDED', { max: 1_000, requested: 1_001 })
    given(transfer, [all]).when({ type: 'ReceiveTransfer', lines: lines(TRANSFER_LINES_MAX + 1) }).refused('LIMIT_EXCEEDED')
  })
  it('closes a named line, its rest missing', () => {
    given(transfer, [dispatched]).when({ type: 'ReceiveTransfer', lines: [{ sku: 'A', quantity: 3 }] }).then([received])
    given(transfer, [dispatched]).when({ type: 'ReceiveTransfer', lines: [{ sku: 'A', quantity: 6 }] }).refused('INVALID_INPUT', { inTransit: 5 })
    given(transfer, [dispatched, received]).when({ type: 'CancelTransfer' }).refused('INVALID_STATE', { status: 'RECEIVED' })
  })
  it('cancels what is on its way', () => {
    given(transfer, [dispatched]).when({ type: 'CancelTransfer' }).then([{ type: 'TransferCancelled', data: { lines } }])
    given(transfer).when({ type: 'CancelTransfer' }).refused('NOT_FOUND')
  })
})
