import { expect } from 'chai'
import { cachedReadModel } from '../../src/application/cached-read-model.ts'
import { type Breaker, type Cache, type EventBus, Unavailable } from '../../src/application/ports.ts'
import { createProjector, type Projector } from '../../src/application/projector.ts'
import { InvalidCursor, type Projected, type ReadModel, type StockQuery } from '../../src/application/read-model.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { DomainError } from '../../src/domain/errors.ts'
import { streamName } from '../../src/domain/streams.ts'
import { createKeyvCache } from '../../src/infrastructure/cache/keyv-cache.ts'
import { sha256 } from '../../src/infrastructure/digest.ts'
import { createMemoryBus } from '../../src/infrastructure/memory/event-bus.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { openReadModel, type OpenReadModel } from '../../src/infrastructure/read-model/read-model.ts'
import { Bench, History, silent } from '../infrastructure/read-model/fixture.ts'

const TTL_MS = 30_000
const MUG = { sku: 'MUG', location: 'LIS' } as const
const TEA = { sku: 'TEA', location: 'LIS' } as const
/** When all but the last event had happened. */
const PAST = { asOf: 1_799_999_999_999, knownAt: 1_800_000_000_500 }
const ALL: StockQuery = { first: 10, orderBy: 'SKU', direction: 'ASC' }

const passing: Breaker = { name: 'read model', run: (call) => call(), runNow: (call) => call(), state: () => 'CLOSED', failures: () => 0 }

/** The real read model, which counts what it is asked and can be away. */
function watched(readModel: ReadModel) {
  const watch = { asked: [] as string[], failure: undefined as Error | undefined }
  const queries = Object.entries(readModel).map(([name, query]: [string, (...input: never[]) => Promise<unknown>]) => [name, (...input: never[]) => {
    watch.asked.push(name)
    return watch.failure ? Promise.reject(watch.failure) : query(...input)
  }])
  const stockLevelNow: ReadModel['stockLevelNow'] = (key) => {
    watch.asked.push('stockLevelNow')
    if (watch.failure) throw watch.failure
    return readModel.stockLevelNow!(key)
  }
  return { watch, readModel: { ...Object.fromEntries(queries), stockLevelNow } as unknown as ReadModel }
}

const ioError = Object.assign(new Error('EIO: disk'), { code: 'SQLITE_IOERR' })

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => { throw new Error('It was expected to fail.') }, (error: unknown) => error)

describe('the cached read model', () => {
  let bench: Bench
  let open: OpenReadModel
  let history: History
  let bus: EventBus<Projected>
  let projector: Projector
  let cache: Cache
  let watch: ReturnType<typeof watched>['watch']
  let cached: ReadModel
  const clock = createManualClock()

  const over = (breaker = passing, logId = 'log-1'): ReadModel => {
    const { readModel, watch: newWatch } = watched(open.readModel)
    watch = newWatch
    return cachedReadModel({ readModel, cache, bus, clock, digest: sha256, breaker, ttlMs: TTL_MS, behindSince: () => undefined, logId, position: open.tables.checkpoint() })
  }
  const project = (): number => {
    projector.project(history.events)
    return history.events.length
  }
  const happens = (stream: string, event: DomainEvent): number => {
    history.add(stream, event)
    return project()
  }
  const added = (sku: string, quantity = 1): number => {
    history.stock(sku, 'LIS', quantity)
    return project()
  }

  beforeEach(() => {
    bench = new Bench()
    open = openReadModel({ file: bench.file, logId: 'log-1' })
    history = new History().product('MUG', 'Blue mug').product('TEA', 'Green tea').location('LIS').stock('MUG', 'LIS', 5).stock('TEA', 'LIS', 7)
    bus = createMemoryBus(silent)
    projector = createProjector({ tables: open.tables, bus, logger: silent })
    project()
    cache = createKeyvCache({ logger: silent })
    cached = over()
  })
  afterEach(() => {
    open.close()
    bench.remove()
  })

  const QUERIES: Readonly<Record<string, (model: ReadModel) => Promise<object>>> = {
    products: (model) => model.products(['MUG', 'none', 'TEA']),
    locations: (model) => model.locations(['none', 'LIS']),
    stockLevels: (model) => model.stockLevels([TEA, MUG, { sku: 'MUG', location: 'none' }]),
    reservations: (model) => model.reservations(['none']),
    transfers: (model) => model.transfers(['none']),
    totals: (model) => model.totals(['MUG', 'none']),
    productPage: (model) => model.productPage({ first: 1, search: 'blue' }),
    locationPage: (model) => model.locationPage({ first: 1, kinds: ['STORE'] }),
    stockPage: (model) => model.stockPage(ALL),
    reservationPage: (model) => model.reservationPage({ first: 2 }),
    transferPage: (model) => model.transferPage({ first: 2 }),
    'stockPage of a product': (model) => model.stockPage({ ...ALL, skus: ['MUG'] }),
    'stockPage of a search': (model) => model.stockPage({ ...ALL, search: 'blue' }),
    stockLevelsAt: (model) => model.stockLevelsAt([MUG, TEA, { sku: 'MUG', location: 'OPO' }], PAST),
    'stockPage of a past moment': (model) => model.stockPage({ ...ALL, moment: PAST }),
  }

  const CHANGES: Readonly<Record<string, () => number>> = {
    'stock of one product': () => added('MUG'),
    'stock of the other': () => added('TEA'),
    'stock at a new place': () => { history.location('OPO', 'STORE').stock('MUG', 'OPO', 3); return project() },
    'a name': () => happens(streamName.product('TEA'), { type: 'ProductUpdated', data: { name: 'Blue tea' } }),
    'a discontinued product': () => happens(streamName.product('MUG'), { type: 'ProductDiscontinued', data: {} }),
    'a closed location': () => happens(streamName.location('LIS'), { type: 'LocationClosed', data: {} }),
  }

  it('has a stock level at hand without waiting: reads it once, and knows of each change', () => {
    for (const key of [MUG, { sku: 'MUG', location: 'none' }]) {
      watch.asked.length = 0
      for (let n = 0; n < 2; n++) expect(cached.atHand?.stockLevel(key)).to.deep.equal(open.readModel.stockLevelNow?.(key))
      expect(watch.asked).to.deep.equal(['stockLevelNow'])
    }
    const position = added('MUG', 3)
    expect(cached.atHand?.stockLevel(MUG)).to.nested.include({ 'value.onHand': 8, position, stale: false })
  })
  it('has nothing at hand that the log is ahead of', async () => {
    const behind = cachedReadModel({ readModel: open.readModel, cache, bus, clock, digest: sha256, breaker: passing, ttlMs: TTL_MS, behindSince: () => clock.now(), logId: 'log-1', position: 5 })
    expect(behind.atHand?.stockLevel(MUG)).to.equal(undefined)
    expect(await behind.stockLevels([MUG])).to.include({ stale: true })
  })

  for (const [name, query] of Object.entries(QUERIES)) {
    it(`answers ${name} without asking again, as the read model does`, async () => {
      expect(await query(cached)).to.deep.equal(await query(open.readModel))
      expect(await query(cached)).to.deep.equal(await query(open.readModel))
      expect(watch.asked).to.have.length(1)
    })
    for (const [change, happen] of Object.entries(CHANGES)) {
      it(`answers ${name} right after ${change}, with the position`, async () => {
        await query(cached)
        const position = happen()
        const answer = await query(cached)
        expect(answer).to.deep.equal(await query(open.readModel))
        expect(answer).to.include({ position, stale: false })
        expect(await query(cached)).to.deep.equal(answer)
      })
    }
  }

  it('keeps what a change does not touch, and shows the present position with it', async () => {
    const ofMug = { ...ALL, skus: ['MUG'] }
    for (const query of [() => cached.stockLevels([MUG]), () => cached.totals(['MUG']), () => cached.stockPage(ofMug)]) {
      await query()
      watch.asked = []
      const position = added('TEA')
      expect(await query()).to.include({ position })
      expect(watch.asked).to.deep.equal([])
    }
  })
  it('has the changed row by itself where it had the row before', async () => {
    await cached.stockLevels([MUG])
    const position = added('MUG', 4)
    await new Promise(setImmediate)
    const answer = await cached.stockLevels([MUG])
    expect(watch.asked).to.have.length(1)
    expect([answer.value[0]?.onHand, answer.position]).to.deep.equal([9, position])
  })
  it('takes queries for the same that are written differently for one', async () => {
    await cached.stockPage({ ...ALL, skus: ['MUG', 'TEA'] })
    await cached.stockPage({ direction: 'ASC', skus: ['TEA', 'MUG', 'TEA'], orderBy: 'SKU', first: 10 })
    expect(watch.asked).to.have.length(1)
    await cached.stockPage({ ...ALL, locations: ['MUG', 'TEA'] })
    expect(watch.asked).to.have.length(2)
  })
  it('does not mix up moments', async () => {
    const moments = [{ asOf: 1 }, { knownAt: 1 }, { asOf: 1, knownAt: 2 }, { asOf: 2, knownAt: 1 }, PAST]
    for (const moment of moments) {
      expect(await cached.stockLevelsAt([MUG], moment)).to.deep.equal(await open.readModel.stockLevelsAt([MUG], moment))
      expect(await cached.stockPage({ ...ALL, moment })).to.deep.equal(await open.readModel.stockPage({ ...ALL, moment }))
    }
  })
  it('changes a past moment where something is told late of the time before it', async () => {
    const past = async () => (await cached.stockLevelsAt([MUG], { asOf: PAST.asOf })).value[0]?.onHand
    const before = await past()
    history.add(streamName.stock('MUG', 'LIS'), { type: 'StockAdded', data: { quantity: 100, reason: 'R' } }, PAST.asOf - 1)
    project()
    expect([before, await past()]).to.deep.equal([5, 105])
  })
  it('does not mix up keys that look alike, and takes any text', async () => {
    const skus = ['__proto__', '\ud800', 'a","b', 'row MUG', '']
    const ask = () => cached.stockLevels(skus.flatMap((sku) => [{ sku, location: 'LIS' }, { sku: 'LIS', location: sku }]))
    expect((await ask()).value).to.deep.equal(Array.from({ length: 10 }, () => undefined))
    expect(await ask()).to.deep.equal(await ask())
    expect((await cached.stockLevels([])).value).to.deep.equal([])
  })
  it('does not believe what was read before a change and put after it', async () => {
    const early = await open.readModel.stockLevels([MUG])
    let release = (): void => undefined
    const slow = { ...open.readModel, stockLevels: () => new Promise<typeof early>((resolve) => { release = () => { resolve(early) } }) }
    const reader = cachedReadModel({ readModel: slow, cache, bus, clock, digest: sha256, breaker: passing, ttlMs: TTL_MS, behindSince: () => undefined, logId: 'log-1', position: 5 })
    const late = reader.stockLevels([MUG])
    await new Promise(setImmediate)
    added('MUG', 1)
    release()
    expect((await late).value[0]?.onHand).to.equal(5)
    expect((await cached.stockLevels([MUG])).value[0]?.onHand).to.equal(6)
  })
  it('does not take a row that it brings up to date too late for the newest', async () => {
    const waiting: (() => void)[] = []
    let isSlow = false
    const slow: Cache = {
      async get(keys) {
        if (isSlow) await new Promise<void>((resolve) => { waiting.push(resolve) })
        return cache.get(keys)
      },
      set: (key, value) => cache.set(key, value),
    }
    const reader = cachedReadModel({ readModel: open.readModel, cache: slow, bus, clock, digest: sha256, breaker: passing, ttlMs: TTL_MS, behindSince: () => undefined, logId: 'log-1', position: 5 })
    await reader.stockLevels([MUG])
    isSlow = true
    added('MUG')
    added('MUG')
    isSlow = false
    for (const release of waiting.reverse()) {
      release()
      await new Promise(setImmediate)
    }
    expect((await reader.stockLevels([MUG])).value[0]?.onHand).to.equal(7)
  })
  it('does not believe what was put before this process began and has changed since', async () => {
    await cached.stockLevels([MUG])
    const elsewhere = createProjector({ tables: open.tables, bus: { publish: () => undefined }, logger: silent })
    elsewhere.project(history.stock('MUG', 'LIS', 1).events)
    expect((await over().stockLevels([MUG])).value[0]?.onHand).to.equal(6)
  })
  it('asks again for everything where it was not told of some events', async () => {
    await cached.stockLevels([MUG])
    const silenced = createProjector({ tables: open.tables, bus: { publish: () => undefined }, logger: silent })
    silenced.project(history.stock('MUG', 'LIS', 1).events)
    added('TEA')
    expect((await cached.stockLevels([MUG])).value[0]?.onHand).to.equal(6)
  })

  describe('while the read model is away', () => {
    const awayBy: Readonly<Record<string, Error>> = { 'says so': new Unavailable('away'), 'fails to read': ioError }

    it('asks again past the TTL', async () => {
      await cached.stockLevels([MUG])
      clock.advance(TTL_MS - 1)
      await cached.stockLevels([MUG])
      expect(watch.asked).to.have.length(1)
      clock.advance(1)
      expect((await cached.stockLevels([MUG])).stale).to.equal(false)
      expect(watch.asked).to.have.length(2)
    })
    it('asks again where the clock was set back before the entry', async () => {
      await cached.stockLevels([MUG])
      clock.advance(-1)
      await cached.stockLevels([MUG])
      expect(watch.asked).to.have.length(2)
    })
    for (const [how, failure] of Object.entries(awayBy)) {
      it(`gives the earlier answer, marked stale, with its own position and age, where it ${how}`, async () => {
        const page = await cached.stockPage(ALL)
        const rows = await cached.products(['MUG'])
        const position = added('TEA')
        await cached.products(['TEA'])
        clock.advance(TTL_MS)
        watch.failure = failure
        expect(await cached.stockPage(ALL)).to.deep.equal({ ...page, stale: true, ageMs: TTL_MS })
        expect(await cached.products(['MUG'])).to.deep.equal({ ...rows, stale: true, ageMs: TTL_MS })
        expect(await cached.products(['TEA', 'MUG'])).to.include({ position: rows.position, stale: true })
        watch.failure = undefined
        expect(await cached.stockPage(ALL)).to.include({ position, stale: false })
      })
      it(`is Unavailable for what it never answered, where it ${how}`, async () => {
        await cached.stockLevels([MUG])
        clock.advance(TTL_MS)
        watch.failure = failure
        expect(await rejection(cached.stockLevels([MUG, TEA]))).to.be.instanceOf(Unavailable)
        expect(await rejection(cached.stockPage(ALL))).to.be.instanceOf(Unavailable)
      })
    }
    it('has nothing at hand, and leaves it to who waits', () => {
      watch.failure = ioError
      expect(cached.atHand?.stockLevel(MUG)).to.equal(undefined)
      watch.failure = undefined
      expect(cached.atHand?.stockLevel(MUG)).to.nested.include({ 'value.onHand': 5, stale: false })
    })
    it('does not take a refusal or a mistake for being away', async () => {
      await cached.productPage({ first: 1 })
      clock.advance(TTL_MS)
      expect(await rejection(cached.productPage({ first: 1, after: 'nonsense' }))).to.be.instanceOf(InvalidCursor)
      for (const failure of [new InvalidCursor('x'), new DomainError('NOT_FOUND', 'x'), new TypeError('x')]) {
        watch.failure = failure
        expect(await rejection(cached.productPage({ first: 1 }))).to.equal(failure)
      }
    })
    it('does not even ask behind an open breaker', async () => {
      const refusing: Breaker = { ...passing, run: () => Promise.reject(new Unavailable('open')), runNow: () => { throw new Unavailable('open') }, state: () => 'OPEN' }
      const guarded = over(refusing)
      expect(guarded.atHand?.stockLevel(MUG)).to.equal(undefined)
      expect(await rejection(guarded.stockLevels([MUG]))).to.be.instanceOf(Unavailable)
      await cachedReadModel({ readModel: open.readModel, cache, bus, clock, digest: sha256, breaker: passing, ttlMs: TTL_MS, behindSince: () => undefined, logId: 'log-1', position: 5 }).stockLevels([MUG])
      clock.advance(TTL_MS)
      expect(await guarded.stockLevels([MUG])).to.include({ stale: true })
      expect(watch.asked).to.deep.equal([])
    })
  })

  describe('does not use', () => {
    const poison = async (value: unknown): Promise<void> => {
      const keys: string[] = []
      const spying: Cache = { get: (asked) => { keys.push(...asked); return cache.get(asked) }, set: () => Promise.resolve() }
      const reader = cachedReadModel({ readModel: open.readModel, cache: spying, bus, clock, digest: sha256, breaker: passing, ttlMs: TTL_MS, behindSince: () => undefined, logId: 'log-1', position: 5 })
      await Promise.all(Object.values(QUERIES).map((query) => query(reader)))
      for (const key of keys) await cache.set(key, value)
    }
    const valid = { tag: '1 log-1', position: 5, cachedAt: clock.now() }
    const POISONS: readonly (readonly [string, unknown])[] = [
      ['text', 'MUG'], ['nothing', null], ['a list', []], ['an empty object', {}],
      ['an entry of another log', { ...valid, tag: '1 log-2', value: undefined }],
      ['an entry of another format', { ...valid, tag: '0 log-1', value: undefined }],
      ['an entry without position', { ...valid, position: undefined, value: undefined }],
      ['an entry of a position that is none', { ...valid, position: '5', value: undefined }],
      ['an entry without time', { ...valid, cachedAt: null, value: undefined }],
      ['an entry that shows more than is projected here', { ...valid, position: 6, value: undefined }],
      ['an entry that is too old', { ...valid, position: 4, value: undefined }],
      ['an entry with another value', { ...valid, value: { sku: 'OTHER', location: 'LIS', code: 'OTHER', id: 'OTHER' } }],
      ['an entry with text for a value', { ...valid, value: 'MUG' }],
    ]
    for (const [what, value] of POISONS) {
      it(what, async () => {
        clock.set(valid.cachedAt)
        await poison(value)
        for (const [name, query] of Object.entries(QUERIES)) expect(await query(cached), name).to.deep.equal(await query(open.readModel))
      })
    }
    it('what another log has put there', async () => {
      await over(passing, 'log-0').products(['MUG'])
      const ours = over()
      await ours.products(['MUG'])
      expect(watch.asked).to.deep.equal(['products'])
    })
  })
})
