import { expect } from 'chai'
import { v7 } from 'uuid'
import type { Append, EventFilter, EventStore, NewEvent } from '../../src/application/ports.ts'
import { VersionMismatch } from '../../src/application/ports.ts'
import type { ManualClock } from '../../src/infrastructure/memory/manual-clock.ts'

export interface OpenStore {
  readonly store: EventStore
  readonly clock: ManualClock
  reopen?(): Promise<EventStore>
  cleanup(): Promise<void>
}

const added = (quantity = 1, metadata: Partial<NewEvent['metadata']> = {}, occurredAt = 1_000): NewEvent =>
  ({ type: 'StockAdded', data: { quantity, reason: 'X' }, id: v7(), occurredAt, metadata: { correlationId: 'c', ...metadata } })

const to = (stream: string, expectedVersion: number, ...events: NewEvent[]): Append =>
  ({ streams: [{ stream, expectedVersion }], events: events.map((event) => ({ stream, event })) })

const mismatch = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => { throw new Error('Expected a mismatch.') }, (error: unknown) => { expect(error).to.be.instanceOf(VersionMismatch) })

export function eventStoreContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`event store: ${name}`, () => {
    let opened: OpenStore
    let store: EventStore
    beforeEach(async () => { opened = await open(); store = opened.store })
    afterEach(() => opened.cleanup())

    it('checks versions, also of streams without events, and takes all or nothing', async () => {
      await store.append(to('stock:a@l', 0, added()))
      await mismatch(store.append(to('stock:a@l', 0, added())))
      const both = { streams: [{ stream: 'stock:b@l', expectedVersion: 0 }, { stream: 'stock:a@l', expectedVersion: 0 }], events: [{ stream: 'stock:b@l', event: added() }] }
      await mismatch(store.append(both))
      expect(await store.readStream('stock:b@l', 1)).to.have.length(0)
      expect(store.head()).to.equal(1)
    })
    it('takes pipelined appends in order, without gaps', async () => {
      const taken = await Promise.all([0, 1, 2].map((version) => store.append(to('stock:a@l', version, added()))))
      expect(taken.flat().map(({ position, version }) => [position, version])).to.deep.equal([[1, 1], [2, 2], [3, 3]])
      expect((await store.readStream('stock:a@l', 2)).map(({ version }) => version)).to.deep.equal([2, 3])
    })
    it('gives what stands there where the same events come again', async () => {
      const append = to('stock:a@l', 0, added())
      expect(await store.append(append)).to.deep.equal(await store.append(append))
      expect(store.head()).to.equal(1)
    })
    it('recordedAt never falls, though the clock does', async () => {
      const [first] = await store.append(to('stock:a@l', 0, added()))
      opened.clock.advance(-60_000)
      const [second] = await store.append(to('stock:a@l', 1, added()))
      expect(second!.recordedAt).to.be.at.least(first!.recordedAt)
    })
    it('reads on after a position', async () => {
      await store.append(to('stock:a@l', 0, added(), added(), added()))
      const positions: number[] = []
      for await (const batch of store.read(1)) positions.push(...batch.map(({ position }) => position))
      expect(positions).to.deep.equal([2, 3])
    })
    it('finds by every filter', async () => {
      const [one] = await store.append(to('stock:a@l', 0, added(1, { reference: 'PO', correlationId: 'x' }, 5)))
      opened.clock.advance(10)
      await store.append(to('stock:b@m', 0, added(1, {}, 6)))
      const filters: EventFilter[] = [
        { streams: ['stock:a@l'] }, { skus: ['a'] }, { locations: ['l'] }, { reference: 'PO' }, { correlationId: 'x' },
        { occurredTo: 6 }, { recordedTo: one!.recordedAt + 10 }, { types: ['StockAdded'], occurredFrom: 5, occurredTo: 6 },
      ]
      for (const filter of filters) {
        expect((await store.find(filter, { first: 9 })).events.map(({ position }) => position), JSON.stringify(filter)).to.deep.equal([1])
      }
      expect((await store.find({ recordedFrom: one!.recordedAt + 10 }, { first: 9 })).events).to.have.length(1)
      expect((await store.find({ types: ['StockRemoved'] }, { first: 9 })).events).to.have.length(0)
    })
    it('finds what was recorded from a moment on, and before one, at every edge', async () => {
      for (const version of [0, 1, 2, 3]) {
        await store.append(to('stock:a@l', version, added()))
        if (version !== 1) opened.clock.advance(10)
      }
      const times = (await store.find({}, { first: 9 })).events.map(({ recordedAt }) => recordedAt)
      const edges = [0, ...times.flatMap((time) => [time - 1, time, time + 1]), Number.MAX_SAFE_INTEGER]
      for (const recordedFrom of edges) {
        for (const recordedTo of edges) {
          const { events } = await store.find({ recordedFrom, recordedTo }, { first: 9 })
          expect(events.map(({ recordedAt }) => recordedAt)).to.deep.equal(times.filter((time) => time >= recordedFrom && time < recordedTo))
        }
      }
    })
    it('pages both ways, in log order', async () => {
      await store.append(to('stock:a@l', 0, added(), added(), added(), added()))
      const positions = async (range: Parameters<EventStore['find']>[1]) => {
        const { events, hasMore } = await store.find({}, range)
        return [...events.map(({ position }) => position), hasMore]
      }
      expect(await positions({ first: 2, after: 1 })).to.deep.equal([2, 3, true])
      expect(await positions({ first: 2, after: 2 })).to.deep.equal([3, 4, false])
      expect(await positions({ last: 2, before: 4 })).to.deep.equal([2, 3, true])
      expect(await positions({ last: 3, before: 4 })).to.deep.equal([1, 2, 3, false])
    })
    it('finds an event by id and a command by key', async () => {
      const event = added(1, { idempotency: { key: 'k', fingerprint: 'f', events: 2 } })
      const recorded = await store.append(to('stock:a@l', 0, event, added()))
      expect(await store.event(event.id)).to.deep.equal(recorded[0])
      expect(await store.command('k')).to.deep.equal(recorded)
      expect(await store.event(v7())).to.equal(undefined)
      expect(await store.command('other')).to.equal(undefined)
    })
    it('tells listeners before it answers, until they leave', async () => {
      const order: string[] = []
      const leave = store.onCommit(() => { order.push('commit') })
      await store.append(to('stock:a@l', 0, added())).then(() => order.push('answer'))
      leave()
      await store.append(to('stock:a@l', 1, added()))
      expect(order).to.deep.equal(['commit', 'answer'])
    })
    it('still has everything after it is opened again', async function () {
      if (!opened.reopen) { this.skip() }
      const recorded = await store.append(to('stock:a@l', 0, added()))
      const again = await opened.reopen()
      expect(await again.readStream('stock:a@l', 1)).to.deep.equal(recorded)
    })
  })
}
