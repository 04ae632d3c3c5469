import { expect } from 'chai'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StockChange } from '../../../src/application/changes.ts'
import type { Commands } from '../../../src/application/commands/types.ts'
import { type Composition, compose } from '../../../src/compose.ts'
import { fold } from '../../../src/domain/decider.ts'
import type { StockLevelEvent } from '../../../src/domain/events.ts'
import { available, stockLevel } from '../../../src/domain/stock-level.ts'
import { systemClock } from '../../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../../src/infrastructure/ids.ts'
import { caller, eventsOf, LISBON, MUG } from '../given-inventory.ts'
import { silent } from '../test-inventory.ts'
import { take } from './follow.ts'

const SKUS = ['MUG', 'TEA']
const LOCATIONS = ['LIS', 'OPO']

type Act = (commands: Commands, place: { readonly sku: string; readonly location: string }) => Promise<unknown>

const quantity = fc.integer({ min: 1, max: 12 })
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: quantity.map((n): Act => (commands, place) => commands.addStock({ ...place, quantity: n, reason: 'RECEIVED' }, caller)) },
  { weight: 3, arbitrary: quantity.map((n): Act => (commands, place) => commands.removeStock({ ...place, quantity: n, reason: 'SOLD' }, caller)) },
  quantity.map((n): Act => (commands, place) => commands.setStockAside({ ...place, quantity: n, reason: 'DAMAGED' }, caller)),
  quantity.map((n): Act => (commands, place) => commands.reserveStock({ lines: [{ ...place, quantity: n }], strategy: 'PRIORITY', dryRun: false }, caller)),
  fc.integer({ min: 0, max: 20 }).map((n): Act => (commands, place) => commands.countStock({ ...place, counted: n }, caller)),
  { weight: 2, arbitrary: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null }).map((reorderPoint): Act => (commands, place) =>
    commands.setStockPolicy({ ...place, policy: { reorderPoint } }, caller)) },
  fc.array(fc.integer({ min: -9, max: 9 }).filter((n) => n !== 0), { minLength: 2, maxLength: 5 }).map((deltas): Act => (commands, place) =>
    commands.applyMovements({ movements: deltas.map((delta) => ({ ...place, delta })), errorPolicy: 'SKIP_FAILED', dryRun: false }, caller)),
)
const story = fc.array(fc.tuple(act, fc.constantFrom(...SKUS), fc.constantFrom(...LOCATIONS)), { minLength: 10, maxLength: 60 })

const seen = ({ position, after: { sku, location, version } }: StockChange) => `${position} ${sku}@${location} ${version}`

describe('low stock', () => {
  let directory: string
  let composition: Composition

  const open = (): Promise<Composition> => compose({ directory, clock: systemClock, ids: uuidV7, logger: silent })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-low-'))
    composition = await open()
    const { commands } = composition.inventory
    for (const sku of SKUS) await commands.registerProduct({ ...MUG, sku }, caller)
    for (const code of LOCATIONS) await commands.openLocation({ ...LISBON, code }, caller)
  })

  after(async () => {
    await composition.close()
    await rm(directory, { recursive: true })
  })

  async function play(acts: readonly [Act, string, string][]): Promise<void> {
    for (const [does, sku, location] of acts) await does(composition.inventory.commands, { sku, location }).catch(() => undefined)
  }

  /** By the definition: what is at or under the reorder point after an event and was not before it, or the other way round. */
  async function crossings(after: number, locations: readonly string[] = LOCATIONS): Promise<string[]> {
    const found: string[] = []
    const levels = new Map<string, typeof stockLevel.initialState>()
    for (const event of await eventsOf(composition.store)) {
      if (!event.stream.startsWith('stock:')) continue
      const before = levels.get(event.stream) ?? stockLevel.initialState
      const now = fold(stockLevel, before, [event as StockLevelEvent])
      levels.set(event.stream, now)
      const [wasLow, isLow] = [before, now].map((level) => level.reorderPoint !== null && available(level) <= level.reorderPoint)
      const place = event.stream.slice('stock:'.length)
      if (wasLow !== isLow && event.position > after && locations.some((code) => place.endsWith(`@${code}`))) found.push(`${event.position} ${place} ${event.version}`)
    }
    return found
  }

  it('is told once a crossing, live, from any cursor on, and after a restart', async () => {
    await fc.assert(fc.asyncProperty(story, story, fc.nat(), fc.subarray(LOCATIONS, { minLength: 1 }), async (first, second, cut, locations) => {
      const from = composition.store.head()
      const live = composition.inventory.changes.lowStock({ locations }, from)
      await play(first)
      const early = await crossings(from, locations)
      expect((await take(live, early.length)).map(seen)).to.deep.equal(early)
      await composition.close()
      composition = await open()
      await play(second)
      const all = await crossings(from, locations)
      const { changes } = composition.inventory
      expect((await take(changes.lowStock({ locations }, from), all.length)).map(seen)).to.deep.equal(all)
      const at = from + cut % (composition.store.head() - from + 1)
      const rest = await crossings(at, locations)
      expect((await take(changes.lowStock({ locations }, at), rest.length)).map(seen)).to.deep.equal(rest)
    }), { numRuns: 15 })
  })

  it('tells nothing between crossings, and nothing of other locations', async () => {
    const { commands, changes } = composition.inventory
    const place = { sku: 'CUP', location: 'LIS' }
    await commands.registerProduct({ ...MUG, sku: 'CUP' }, caller)
    const from = composition.store.head()
    const live = changes.lowStock({ locations: ['LIS'] })
    const move = (delta: number, location = 'LIS') => commands.applyMovements({ movements: [{ ...place, location, delta }], errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
    await move(10)
    await commands.setStockPolicy({ ...place, policy: { reorderPoint: 5 } }, caller)
    await commands.setStockPolicy({ ...place, location: 'OPO', policy: { reorderPoint: 5 } }, caller)
    for (const delta of [-4, -1, -1, -1, 2, 1, -1, 1]) await move(delta)
    await commands.setStockPolicy({ ...place, policy: { reorderPoint: 8 } }, caller)
    await commands.setStockPolicy({ ...place, policy: { reorderPoint: null } }, caller)
    for (const found of [await take(live, 6), await take(changes.lowStock({ locations: ['LIS'] }, from), 6)]) {
      expect(found.map(({ event: { type }, after }) => [type, available(after as never), after.reorderPoint])).to.deep.equal([
        ['StockRemoved', 5, 5], ['StockAdded', 6, 5], ['StockRemoved', 5, 5], ['StockAdded', 6, 5], ['StockPolicySet', 6, 8], ['StockPolicySet', 6, null],
      ])
    }
  })
})
