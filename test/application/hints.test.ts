import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { exchangeHints, type SharedEventStore } from '../../src/application/hints.ts'
import type { EventBus } from '../../src/application/ports.ts'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { createMemoryEventStore } from '../../src/infrastructure/memory/event-store.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { silent } from './test-inventory.ts'

const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await wait(1) }

/** A store that sees what was written only when it is told to look. */
function nodeStore(written: { position: number }) {
  const store = createMemoryEventStore({ clock: createManualClock(), id: 'log-1' })
  const node = { seen: 0, looks: 0, isAway: false }
  const shared: SharedEventStore = {
    ...store,
    head: () => node.seen,
    refresh: async () => {
      node.looks += 1
      await wait(1)
      if (node.isAway) throw new Error('The database is away.')
      node.seen = written.position
    },
  }
  return { node, shared }
}

describe('hints between nodes', () => {
  let bus: EventBus<unknown>
  let heard: unknown[]
  let written: { position: number }
  let stops: (() => void)[]
  beforeEach(() => {
    bus = createMemoryBus(silent)
    heard = []
    bus.subscribe((message) => { heard.push(message) })
    written = { position: 0 }
    stops = []
  })
  afterEach(() => { for (const stop of stops) stop() })

  const join = () => {
    const { node, shared } = nodeStore(written)
    const { store, stop } = exchangeHints(shared, bus)
    stops.push(stop)
    return { node, store }
  }

  it('tell of what is appended here, and of the last of many', async () => {
    const { store } = join()
    const add = (version: number) => store.append({
      streams: [{ stream: 'stock:a@l', expectedVersion: version }],
      events: [{ stream: 'stock:a@l', event: { type: 'StockAdded', data: { quantity: 1, reason: 'FOUND' }, id: `e-${version}`, occurredAt: 1, metadata: { correlationId: 'c' } } }],
    })
    await Promise.all(Array.from({ length: 50 }, (_, version) => add(version)))
    await until(() => heard.some((message) => (message as { position: number }).position === 50))
    expect(heard.length).to.be.below(50)
    expect(heard.at(-1)).to.deep.equal({ logId: 'log-1', position: 50 })
  })
  it('have others look, also where hints come doubled and out of order', async () => {
    const { node } = join()
    written.position = 7
    for (const position of [7, 3, 7, 5, 7]) bus.publish({ logId: 'log-1', position })
    await until(() => node.seen === 7)
    expect(node.looks).to.equal(1)
  })
  it('of what is known, of other logs and of nothing have nobody look', async () => {
    const { node } = join()
    for (const message of [{ logId: 'log-2', position: 9 }, { logId: 'log-1', position: 0 }, { logId: 'log-1', position: '9' }, { position: 9 }, null, 'hello', 9, []]) bus.publish(message)
    await wait(5)
    expect(node.looks).to.equal(0)
  })
  it('that promise more than there is have nobody look for ever', async () => {
    const { node } = join()
    written.position = 2
    bus.publish({ logId: 'log-1', position: 1_000_000 })
    await until(() => node.seen === 2)
    await wait(20)
    expect(node.looks).to.be.below(4)
  })
  it('are looked into again by the next one where the store was away', async () => {
    const { node } = join()
    written.position = 1
    node.isAway = true
    bus.publish({ logId: 'log-1', position: 1 })
    await until(() => node.looks === 1)
    await wait(5)
    node.isAway = false
    bus.publish({ logId: 'log-1', position: 1 })
    await until(() => node.seen === 1)
  })
})
