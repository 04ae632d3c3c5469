import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { type Outlet, type RelayLedger, startRelay } from '../../src/application/relay.ts'
import type { EventStore } from '../../src/application/ports.ts'
import { createMemoryEventStore } from '../../src/infrastructure/memory/event-store.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { silent } from './test-inventory.ts'

const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await wait(1) }

/** What nodes share of how far the log is published. */
class Ledger {
  position = 0
  owner: string | undefined
  of(node: string): RelayLedger {
    return {
      claim: () => {
        this.owner ??= node
        return Promise.resolve(this.owner === node ? this.position : undefined)
      },
      advance: (position) => {
        if (this.owner !== node) return Promise.resolve(false)
        this.position = position
        return Promise.resolve(true)
      },
      release: () => {
        if (this.owner === node) this.owner = undefined
        return Promise.resolve()
      },
    }
  }
}

describe('the relay', () => {
  let store: EventStore
  let ledger: Ledger
  let published: number[]
  let isAway: boolean
  const outlet: Outlet = {
    publish: (events) => {
      if (isAway) return Promise.reject(new Error('The brokers are away.'))
      published.push(...events.map(({ position }) => position))
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const start = (node: string) => startRelay({ store, ledger: ledger.of(node), outlet, logger: silent })
  let recorded = 0
  const record = async (): Promise<void> => {
    recorded += 1
    const event = { type: 'StockAdded', data: { quantity: 1, reason: 'FOUND' }, id: `e-${recorded}`, occurredAt: 1, metadata: { correlationId: 'c' } } as const
    await store.append({ streams: [{ stream: 'stock:a@l', expectedVersion: recorded - 1 }], events: [{ stream: 'stock:a@l', event }] })
  }
  beforeEach(() => {
    store = createMemoryEventStore({ clock: createManualClock() })
    ledger = new Ledger()
    published = []
    isAway = false
    recorded = 0
  })

  it('publishes what was there, and what comes, in the order of the log and once', async () => {
    for (let n = 0; n < 3; n += 1) await record()
    const stop = start('one')
    await until(() => published.length === 3)
    for (let n = 0; n < 20; n += 1) await record()
    await until(() => ledger.position === 23)
    await stop()
    expect(published).to.deep.equal(Array.from({ length: 23 }, (_, n) => n + 1))
  })
  it('goes on by itself where it was after what it publishes to was away', async () => {
    isAway = true
    const stop = start('one')
    await record()
    await record()
    isAway = false
    await until(() => ledger.position === 2)
    await stop()
    expect(published).to.deep.equal([1, 2])
  })
  it('is one node\'s at a time, and another\'s once that has gone', async () => {
    const [stopOne, stopOther] = [start('one'), start('other')]
    await record()
    await until(() => ledger.position === 1)
    const first = ledger.owner
    await (first === 'one' ? stopOne() : stopOther())
    await record()
    await until(() => ledger.position === 2)
    expect(ledger.owner).to.not.equal(first)
    await (first === 'one' ? stopOther() : stopOne())
    expect(published).to.deep.equal([1, 2])
  })
  it('publishes again what it is not known of that it was, and leaves out nothing', async () => {
    await record()
    const slow: Outlet = { ...outlet, publish: async (events) => { await outlet.publish(events); ledger.owner = 'other' } }
    const stop = startRelay({ store, ledger: ledger.of('one'), outlet: slow, logger: silent })
    await until(() => published.length === 1)
    await stop()
    const stopOther = start('other')
    await until(() => ledger.position === 1)
    await stopOther()
    expect(published).to.deep.equal([1, 1])
  })
})
