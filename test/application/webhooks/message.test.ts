import { expect } from 'chai'
import { HTTP } from 'cloudevents'
import { CONTENT_TYPE, cloudEvent } from '../../../src/application/webhooks/message.ts'
import type { RecordedEvent } from '../../../src/application/ports.ts'
import { streamName } from '../../../src/domain/streams.ts'

const recorded: RecordedEvent = {
  type: 'StockAdded', data: { quantity: 40, reason: 'RECEIVED' }, id: '019ab2c4-5d6e-7f80-9a1b-2c3d4e5f6071', stream: streamName.stock('TÉ@1', 'LIS'),
  position: 4_711, version: 12, schema: 1, occurredAt: 1_769_860_800_000, recordedAt: 1_769_860_800_004,
  metadata: { correlationId: 'c-1', actor: 'ana', reference: 'order-7', note: 'a\nb', idempotency: { key: 'k', fingerprint: 'f', events: 1 } },
}

const read = (event: RecordedEvent) =>
  JSON.parse(JSON.stringify(HTTP.toEvent({ headers: { 'content-type': CONTENT_TYPE }, body: cloudEvent(event, 'log-1') }))) as object

describe('a webhook\'s message', () => {
  it('is a CloudEvent that the official library takes, with all that tells where it belongs', () => {
    expect(read(recorded)).to.deep.equal({
      specversion: '1.0', id: recorded.id, type: 'StockAdded', source: 'urn:stockstream:log-1', subject: 'stock:T%C3%89%401@LIS',
      time: '2026-01-31T12:00:00.000Z', recordedtime: '2026-01-31T12:00:00.004Z', sequence: '00000000000000004711', streamversion: '12',
      correlationid: 'c-1', actor: 'ana', reference: 'order-7', sku: 'TÉ@1', location: 'LIS',
      datacontenttype: 'application/json', data: { quantity: 40, reason: 'RECEIVED' },
    })
  })

  it('leaves out what the event does not have', () => {
    const event = { ...recorded, stream: streamName.transfer('t'), metadata: { correlationId: 'c-1', causationId: 'c-0' } }
    expect(read(event)).to.include({ causationid: 'c-0' }).and.to.not.have.any.keys('sku', 'location', 'actor', 'reference')
  })

  it('has names of attributes that every implementation takes', () => {
    for (const name of Object.keys(JSON.parse(cloudEvent(recorded, 'log-1')) as object)) expect(name).to.match(/^[a-z0-9]{1,20}$/)
  })
})
