import { expect } from 'chai'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Change, type Changes, type ChangesPorts, createChanges, SlowSubscriber, type StockChange } from '../../src/application/changes.ts'
import { createInventory, type Inventory } from '../../src/application/inventory.ts'
import type { EventBus, EventStore, RecordedEvent } from '../../src/application/ports.ts'
import { createProjector } from '../../src/application/projector.ts'
import { type Projected, InvalidCursor } from '../../src/application/read-model.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { sha256 } from '../../src/infrastructure/digest.ts'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { openReadModel } from '../../src/infrastructure/read-model/read-model.ts'
import { openWebhooks } from '../../src/infrastructure/webhooks/webhooks.ts'
import { silent } from './test-inventory.ts'

const WAITING_MAX = 100
const SKUS = ['MUG', 'TEA', 'CUP'] as const
const LOCATIONS = ['LIS', 'OPO'] as const
const caller = { correlationId: 'c-1' }

describe('changes', () => {
  let directory: string
  let store: EventStore
  let inventory: Inventory
  let changes: Changes
  let ports: ChangesPorts
  let listeners: number
  const finds = new Set<Promise<unknown>>()
  let close: () => Promise<void>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-changes-'))
    store = await openEventLog({ directory, clock: systemClock, logger: silent })
    const model = openReadModel({ file: join(directory, 'read-model.sqlite'), logId: store.id })
    const bus = createMemoryBus<Projected>(silent)
    const projector = createProjector({ ...model, bus, logger: silent })
    store.onCommit((events) => { projector.project(events) })
    const webhookPorts = openWebhooks({ directory, logId: store.id, userAgent: 'Stockstream/test' })
    inventory = createInventory({
      ...model, queries: model.readModel, breakers: [], storeFailure: () => undefined, projectionFailure: () => undefined, store, bus, clock: systemClock, ids: uuidV7, digest: sha256,
      webhookPorts, webhooksStatus: () => ({ endpoints: 0, waiting: 0, behind: 0, breakers: [] }),
    })
    ports = { ...model, store: noted(store, finds), bus: counted(bus), waitingMax: WAITING_MAX }
    changes = createChanges(ports)
    close = async () => {
      await store.close()
      model.close()
      webhookPorts.close()
      await rm(directory, { recursive: true })
    }
    for (const sku of SKUS) await inventory.commands.registerProduct({ sku, name: sku, barcode: null, unit: 'EACH', attributes: {} }, caller)
    for (const code of LOCATIONS) await inventory.commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
    await move(1_200)
  })

  after(() => close())

  function counted(bus: EventBus<Projected>): EventBus<Projected> {
    listeners = 0
    return {
      ...bus,
      subscribe(listener) {
        const unsubscribe = bus.subscribe(listener)
        listeners += 1
        return () => {
          listeners -= 1
          unsubscribe()
        }
      },
    }
  }

  /** All that a follower has to tell by now: what it finds in the log, and what waits. */
  async function all<Found extends Change>(follower: AsyncIterableIterator<Found>): Promise<Found[]> {
    const seen: Found[] = []
    for (;;) {
      const result = await Promise.race([follower.next(), quiet()])
      if (result === undefined) break
      seen.push(result.value as Found)
    }
    await follower.return?.()
    return seen
  }

  async function quiet(): Promise<undefined> {
    await turn()
    while (finds.size > 0) await Promise.all(finds)
    await turn()
    return undefined
  }

  /** That many movements in one append, over all stock levels in turn. */
  const move = (rows: number) => inventory.commands.applyMovements({
    movements: Array.from({ length: rows }, (_, row) => ({ sku: SKUS[row % 3]!, location: LOCATIONS[row % 2]!, delta: 1 + (row % 7) })),
    errorPolicy: 'ALL_OR_NOTHING',
    dryRun: false,
  }, caller)

  const add = (sku: string, location: string) => inventory.commands.addStock({ sku, location, quantity: 5, reason: 'RECEIVED' }, caller)

  it('has no gap and nothing twice, in log order, wherever it begins, is cut off and goes on, while events are appended', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 0, max: 1_200 }),
      fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 6 }),
      fc.subarray([...SKUS], { minLength: 1 }),
      async (back, appends, cuts, skus) => {
        const after = store.head() - back
        const end = store.head() + appends.reduce((sum, rows) => sum + rows, 0) + 1
        const writing = (async () => {
          for (const rows of appends) await move(rows)
          await add(skus[0]!, 'LIS')
        })()
        const seen = await followTo(end, after, cuts, (from) => changes.stock({ skus }, from))
        await writing
        const { events } = await store.find({ skus }, { first: 100_000, after })
        expect(seen.map(({ position }) => position)).to.deep.equal(events.filter(isOfStock).map(({ position }) => position))
        expectUnbroken(seen)
      },
    ), { numRuns: 30 })
  })

  it('tells the same changes live and from the log', async () => {
    const from = store.head()
    const live = changes.stock({})
    await add('MUG', 'LIS')
    await inventory.commands.setStockPolicy({ sku: 'MUG', location: 'LIS', policy: { safetyStock: 3 } }, caller)
    await move(9)
    const seen = await take(live, 11)
    expect(await take(changes.stock({}, from), 11)).to.deep.equal(seen)
    expect(seen[1]!.event.type).to.equal('StockPolicySet')
    expect([seen[1]!.before?.safetyStock, seen[1]!.after.safetyStock]).to.deep.equal([0, 3])
  })

  it('tells a first change as one from nothing', async () => {
    await inventory.commands.registerProduct({ sku: 'NEW', name: 'New', barcode: null, unit: 'EACH', attributes: {} }, caller)
    const from = store.head()
    const live = changes.stock({ skus: ['NEW'] })
    await add('NEW', 'OPO')
    for (const [change] of [await take(live, 1), await take(changes.stock({}, from), 1)]) {
      expect([change?.before, change?.after.onHand]).to.deep.equal([undefined, 5])
    }
  })

  for (const [filter, wanted] of [
    [{}, ['MUG@LIS', 'TEA@OPO', 'MUG@OPO']],
    [{ skus: ['MUG'] }, ['MUG@LIS', 'MUG@OPO']],
    [{ locations: ['OPO'] }, ['TEA@OPO', 'MUG@OPO']],
    [{ skus: ['TEA'], locations: ['LIS'] }, []],
    [{ skus: [] }, []],
  ] as const) {
    it(`keeps to the filter ${JSON.stringify(filter)}, live and from the log`, async () => {
      const from = store.head()
      const live = changes.stock(filter)
      for (const [sku, location] of [['MUG', 'LIS'], ['TEA', 'OPO'], ['MUG', 'OPO']] as const) await add(sku, location)
      for (const found of [await all(live), await all(changes.stock(filter, from))]) {
        expect(found.map(({ after: { sku, location } }) => `${sku}@${location}`)).to.deep.equal(wanted)
      }
    })
  }

  it('gives events by every filter that the log is searched by, live and from the log', async () => {
    const from = store.head()
    const filters = [{ types: ['StockAdded'] }, { reference: 'R-1' }, { correlationId: 'other' }, { streams: ['stock:TEA@OPO'] }, { recordedTo: 0 }, { recordedFrom: 0 }]
    const lives = filters.map((filter) => changes.events(filter))
    await inventory.commands.addStock({ sku: 'TEA', location: 'OPO', quantity: 2, reason: 'RECEIVED', reference: 'R-1' }, caller)
    await inventory.commands.removeStock({ sku: 'MUG', location: 'LIS', quantity: 1, reason: 'SOLD' }, { correlationId: 'other' })
    for (const [index, filter] of filters.entries()) {
      const { events } = await store.find(filter, { first: 10, after: from })
      expect(await all(lives[index]!), JSON.stringify(filter)).to.deep.equal(events)
      expect(await all(changes.events(filter, from)), JSON.stringify(filter)).to.deep.equal(events)
    }
  })

  it('ends one that takes nothing while many go by, says where it was, and harms no other', async () => {
    const told: SlowSubscriber[] = []
    const slow = changes.events({}, undefined, (error) => { told.push(error) })
    const other = changes.events({})
    const from = store.head()
    await add('MUG', 'LIS')
    await add('TEA', 'LIS')
    const [first] = await take(slow, 1, { keep: true })
    const reading = take(other, WAITING_MAX + 5, { keep: true })
    await slow.next()
    await move(WAITING_MAX + 2)
    expect(told, 'one large command makes nobody slow').to.have.length(0)
    await add('CUP', 'OPO')
    expect(told.map(({ position }) => position), 'it may still be busy with the second').to.deep.equal([first!.position])
    expect(changes.subscribers()).to.equal(1)
    expect(await slow.next().then(() => undefined, (error: unknown) => error)).to.equal(told[0])
    expect(await slow.next()).to.deep.equal({ done: true, value: undefined })
    expect((await reading).map(({ position }) => position - from)).to.deep.equal(Array.from({ length: WAITING_MAX + 5 }, (_, n) => n + 1))
    await other.return!()
  })

  it('hands out together what came together, no more than is asked for, and is done with it when it is asked again', async () => {
    const from = store.head()
    const told: SlowSubscriber[] = []
    const live = changes.events({}, undefined, (error) => { told.push(error) })
    const missed = changes.events({}, from)
    const first = live.take(4)
    await move(6)
    const offsets = (batch: readonly RecordedEvent[] | undefined) => batch?.map(({ position }) => position - from)
    for (const following of [live, missed]) {
      expect(offsets(following === live ? await first : await following.take(4))).to.deep.equal([1, 2, 3, 4])
      expect(offsets(await following.take(4))).to.deep.equal([5, 6])
    }
    await missed.return!()
    expect(await missed.take(4)).to.equal(undefined)
    await move(WAITING_MAX)
    await add('MUG', 'LIS')
    expect(told.map(({ position }) => position - from), 'it may still be busy with the second batch').to.deep.equal([4])
    expect(await live.take(4).then(() => undefined, (error: unknown) => error)).to.equal(told[0])
  })

  it('never ends one that waits for the log, and lets its queue go instead', async () => {
    const slow: unknown[] = []
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => { open = resolve })
    const shut = { ...ports.store, find: async (...asked: Parameters<EventStore['find']>) => gate.then(() => store.find(...asked)) }
    const from = store.head() - 1
    const follower = createChanges({ ...ports, store: shut }).events({}, from, (error) => { slow.push(error) })
    const first = follower.next()
    for (let round = 0; round < 3; round++) await move(WAITING_MAX)
    open()
    const seen = [(await first).value!, ...await take(follower, 3 * WAITING_MAX)]
    expect(seen.map(({ position }) => position - from)).to.deep.equal(Array.from({ length: 3 * WAITING_MAX + 1 }, (_, n) => n + 1))
    expect(slow).to.deep.equal([])
  })

  it('finds in the log what the bus did not tell, and tells once what it told twice', async () => {
    const from = store.head()
    const bus = createMemoryBus<Projected>(silent)
    const told: Projected[] = []
    const stop = ports.bus.subscribe((batch) => { told.push(batch) })
    const follower = createChanges({ ...ports, bus }).events({})
    for (let round = 0; round < 4; round++) await add('MUG', 'LIS')
    stop()
    for (const batch of [0, 0, 3, 2, 3]) bus.publish(told[batch]!)
    expect((await all(follower)).map(({ position }) => position - from)).to.deep.equal([1, 2, 3, 4])
  })

  it('begins after a position that is not projected yet', async () => {
    const from = store.head()
    const bus = createMemoryBus<Projected>(silent)
    const stop = ports.bus.subscribe((batch) => { bus.publish(batch) })
    const behind = createChanges({ ...ports, bus, store: { ...ports.store, head: () => from + 1 }, tables: { checkpoint: () => from } })
    const follower = behind.events({}, from + 1)
    for (let round = 0; round < 2; round++) await add('MUG', 'LIS')
    stop()
    expect((await all(follower)).map(({ position }) => position - from)).to.deep.equal([2])
  })

  it('leaves the bus when the log can not be read', async () => {
    const before = listeners
    const away = new Error('away')
    const broken = createChanges({ ...ports, store: { ...ports.store, find: () => Promise.reject(away) } })
    expect(await broken.events({}, 0).next().then(() => undefined, (error: unknown) => error)).to.equal(away)
    expect([broken.subscribers(), listeners]).to.deep.equal([0, before])
  })

  it('leaves the bus at once when it is ended, also while it waits', async () => {
    const before = listeners
    const follower = changes.events({})
    const waiting = follower.next()
    expect([changes.subscribers(), listeners - before]).to.deep.equal([1, 1])
    const ended = follower.return!()
    expect([changes.subscribers(), listeners - before]).to.deep.equal([0, 0])
    expect([await waiting, await ended]).to.deep.equal([{ done: true, value: undefined }, { done: true, value: undefined }])
    await add('MUG', 'LIS')
    expect(await follower.next()).to.deep.equal({ done: true, value: undefined })
  })

  it('refuses a position that the log does not reach to', () => {
    expect(() => changes.stock({}, store.head() + 1)).to.throw(InvalidCursor, `ends at ${store.head()}`)
    expect(changes.subscribers()).to.equal(0)
  })
})

/** The store, and beside it the searches that are under way. */
const noted = (store: EventStore, finds: Set<Promise<unknown>>): ChangesPorts['store'] => ({
  head: () => store.head(),
  readStream: (stream, fromVersion) => store.readStream(stream, fromVersion),
  find(...asked) {
    const found = store.find(...asked).finally(() => { finds.delete(found) })
    finds.add(found)
    return found
  },
})

const isOfStock = ({ stream }: RecordedEvent): boolean => stream.startsWith('stock:')

async function take<Found extends Change>(follower: AsyncIterableIterator<Found>, count: number, { keep = false } = {}): Promise<Found[]> {
  const seen: Found[] = []
  while (seen.length < count) seen.push((await follower.next()).value as Found)
  if (!keep) await follower.return?.()
  return seen
}

/** Follows up to the position. Cut off after so many changes each time, and where it was too slow, it goes on after the last it has seen. */
async function followTo(end: number, after: number, cuts: readonly number[], open: (from: number) => AsyncIterableIterator<StockChange>): Promise<StockChange[]> {
  const seen: StockChange[] = []
  const last = (): number => seen.at(-1)?.position ?? after
  for (const cut of [...cuts, Infinity]) {
    let left = cut
    try {
      for await (const change of open(last())) {
        seen.push(change)
        if (change.position >= end || --left === 0) break
        if (change.position % 50 === 0) await turn()
      }
    } catch (error) {
      if (!(error instanceof SlowSubscriber)) throw error
    }
    if (last() >= end) break
  }
  return seen
}

/** Each change begins where the one before of the same stock level ended. */
function expectUnbroken(changes: readonly StockChange[]): void {
  const levels = new Map<string, unknown>()
  for (const { event, before, after } of changes) {
    if (levels.has(event.stream) && !isDeepStrictEqual(before, levels.get(event.stream))) expect(before).to.deep.equal(levels.get(event.stream))
    const { quantity } = event.data as { quantity: number }
    expect(after.onHand - (before?.onHand ?? 0)).to.equal(quantity)
    expect(after.version).to.equal(event.version)
    levels.set(event.stream, after)
  }
}
