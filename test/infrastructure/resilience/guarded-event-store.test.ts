import { expect } from 'chai'
import { type EventStore, Unavailable, VersionMismatch } from '../../../src/application/ports.ts'
import { diskFiles, type Files } from '../../../src/infrastructure/event-log/files.ts'
import { createManualClock } from '../../../src/infrastructure/memory/manual-clock.ts'
import { createMemoryEventStore } from '../../../src/infrastructure/memory/event-store.ts'
import { createBreaker, type OwnedBreaker } from '../../../src/infrastructure/resilience/breaker.ts'
import { guardedEventStore } from '../../../src/infrastructure/resilience/guarded-event-store.ts'
import { eventStoreContract } from '../../contracts/event-store.contract.ts'
import { Workbench, everything, rejection, stocked, to } from '../event-log/fixture.ts'

const PROBE_AFTER_MS = 20
const logger = { info: () => undefined, warn: () => undefined }
const breakerOf = (probeAfterMs = PROBE_AFTER_MS): OwnedBreaker => createBreaker({ name: 'event store', logger, probeAfterMs })

eventStoreContract('memory, behind a breaker', () => {
  const clock = createManualClock()
  const breaker = breakerOf()
  const store = guardedEventStore(createMemoryEventStore({ clock }), breaker, breaker)
  return Promise.resolve({
    store,
    clock,
    async cleanup() {
      breaker.close()
      await store.close()
    },
  })
})

describe('the event log behind a breaker', () => {
  let bench: Workbench
  let breaker: OwnedBreaker
  let isFailing: boolean
  let log: EventStore
  let store: EventStore

  const files: Files = {
    ...diskFiles,
    async open(path, mode) {
      const file = await diskFiles.open(path, mode)
      const failing = () => (isFailing ? Promise.reject(new Error('EIO')) : file.fdatasync())
      return {
        read: (offset, length) => file.read(offset, length), size: () => file.size(), write: (offset, bytes) => file.write(offset, bytes),
        truncate: (length) => file.truncate(length), close: () => file.close(), fdatasync: failing,
      }
    },
  }

  beforeEach(async () => {
    isFailing = false
    bench = await Workbench.create()
    breaker = breakerOf()
    log = await bench.open({ files })
    store = guardedEventStore(log, breaker, breaker)
  })
  afterEach(async () => {
    breaker.close()
    await bench.remove()
  })

  it('takes appends in the order of the calls, each on top of those that are still on their way', async () => {
    const appends = Array.from({ length: 100 }, (_, version) => store.append(to('stock:A@B', version, stocked(version + 1))))
    const order: number[] = []
    const events = await Promise.all(appends.map(async (append, index) => {
      const [event] = await append
      order.push(index)
      return event
    }))
    expect(events.map((event) => event?.version)).to.deep.equal(events.map((_, index) => index + 1))
    expect(order).to.deep.equal(events.map((_, index) => index))
  })
  it('passes a mismatch on, and does not open for however many', async () => {
    await store.append(to('stock:A@B', 0, stocked(1)))
    for (let call = 0; call < 20; call++) expect(await rejection(store.append(to('stock:A@B', 0, stocked(1))))).to.be.instanceOf(VersionMismatch)
    expect(breaker.state()).to.equal('CLOSED')
  })
  it('heals by itself soon after the disk does, and what was answered is there once', async () => {
    const answered: string[] = []
    let version = 0
    const write = async (): Promise<void> => {
      const append = to('stock:A@B', version, stocked(1))
      try {
        await store.append(append)
        answered.push(append.events[0]!.event.id)
        version += 1
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
        await new Promise((resolve) => { setTimeout(resolve, 1) })
      }
    }
    await write()
    isFailing = true
    while (breaker.state() === 'CLOSED') await write()
    isFailing = false
    const since = Date.now()
    while (answered.length < 5) await write()
    expect(Date.now() - since).to.be.below(100 * PROBE_AFTER_MS)
    expect(breaker.state()).to.equal('CLOSED')
    expect((await everything(store)).map(({ id }) => id)).to.deep.equal(answered)
  })
  it('refuses reads through it at once while it is open, and still tells the head and the log as it was', async () => {
    breaker.close()
    breaker = breakerOf(60_000)
    store = guardedEventStore(log, breaker, breaker)
    await store.append(to('stock:A@B', 0, stocked(1)))
    isFailing = true
    while (breaker.state() === 'CLOSED') await rejection(store.append(to('stock:A@B', 1, stocked(1))))
    for (const read of [() => store.find({}, { first: 1 }), () => store.event('x'), () => store.command('x'), () => store.readStream('stock:A@B', 1)]) {
      expect(await rejection(read())).to.be.instanceOf(Unavailable)
    }
    expect([store.id, store.head(), (await everything(store)).length]).to.deep.equal([log.id, 1, 1])
  })
})
