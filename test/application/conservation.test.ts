import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import { openQuantity } from '../../src/domain/reservation.ts'
import { inTransit } from '../../src/domain/transfer.ts'
import { caller } from './given-inventory.ts'
import { givenMugs, level } from './promises.ts'
import { openTestInventory, type TestInventory } from './test-inventory.ts'

const LOCATIONS = ['FAO', 'LIS', 'OPO'] as const
const STRATEGIES = ['FEWEST_LOCATIONS', 'PRIORITY', 'MOST_AVAILABLE'] as const

const place = fc.constantFrom(...LOCATIONS)
const quantity = fc.integer({ min: 1, max: 6 })
/** `which` names one of the reservations or transfers that there are by then. */
const which = fc.nat({ max: 5 })
const step = fc.oneof(
  fc.record({ type: fc.constant('add' as const), place, quantity }),
  fc.record({ type: fc.constant('remove' as const), place, quantity }),
  fc.record({ type: fc.constant('count' as const), place, quantity }),
  fc.record({ type: fc.constant('reserve' as const), place: fc.option(place), quantity, strategy: fc.constantFrom(...STRATEGIES) }),
  fc.record({ type: fc.constantFrom('fulfill' as const, 'release' as const), which, part: fc.option(quantity) }),
  fc.record({ type: fc.constant('dispatch' as const), place, to: place, quantity }),
  fc.record({ type: fc.constant('receive' as const), which, part: fc.option(fc.nat({ max: 6 })) }),
  fc.record({ type: fc.constant('cancel' as const), which }),
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('goods are conserved, and promises add up', () => {
  let test: TestInventory
  before(async () => { test = await openTestInventory() })
  after(() => test.close())

  /** One product's history, and what went in and out of it. */
  async function play(sku: string, steps: readonly Step[]): Promise<void> {
    const { commands, queries } = test.inventory
    const reservations: string[] = []
    const transfers: string[] = []
    let balance = 0

    const at = (location: string) => ({ sku, location })
    async function take(one: Step): Promise<void> {
      switch (one.type) {
        case 'add': await commands.addStock({ ...at(one.place), quantity: one.quantity, reason: 'RECEIVED' }, caller); balance += one.quantity; return
        case 'remove': await commands.removeStock({ ...at(one.place), quantity: one.quantity, reason: 'SOLD' }, caller); balance -= one.quantity; return
        case 'count': {
          const before = (await level(test, one.place, sku)).onHand
          await commands.countStock({ ...at(one.place), counted: one.quantity }, caller)
          balance += one.quantity - before
          return
        }
        case 'reserve': {
          const lines = [{ sku, quantity: one.quantity, ...(one.place !== null && { location: one.place }) }]
          reservations.push((await commands.reserveStock({ lines, strategy: one.strategy, dryRun: false }, caller)).result.id)
          return
        }
        case 'fulfill':
        case 'release': {
          const id = reservations[one.which] ?? 'none'
          const { value: [view] } = await queries.reservations([id])
          const lines = view && one.part !== null ? [{ ...at(view.lines[0]!.location), quantity: one.part }] : undefined
          const open = sum(view?.lines.map(openQuantity) ?? [])
          if (one.type === 'release') await commands.releaseReservation({ id, lines }, caller)
          else {
            await commands.fulfillReservation({ id, lines }, caller)
            balance -= lines?.[0]?.quantity ?? open
          }
          return
        }
        case 'dispatch': {
          const moved = { from: one.place, to: one.to, lines: [{ sku, quantity: one.quantity }] }
          transfers.push((await commands.dispatchTransfer(moved, caller)).result.id)
          return
        }
        case 'receive': {
          const lines = one.part === null ? undefined : [{ sku, quantity: one.part }]
          await commands.receiveTransfer({ id: transfers[one.which] ?? 'none', lines }, caller)
          return
        }
        case 'cancel': await commands.cancelTransfer({ id: transfers[one.which] ?? 'none' }, caller)
      }
    }

    async function check(): Promise<void> {
      const levels = await Promise.all(LOCATIONS.map((code) => level(test, code, sku)))
      const held = (await queries.reservations(reservations)).value.flatMap((view) => view?.lines ?? [])
      const sent = (await queries.transfers(transfers)).value
      const onTheWay = (code?: string): number => sum(sent.filter((view) => view?.status === 'IN_TRANSIT' && (code ?? view.to) === view.to).flatMap((view) => view!.lines.map(inTransit)))
      for (const { location, onHand, reserved, incoming } of levels) {
        expect(reserved).to.equal(sum(held.filter((line) => line.location === location).map(openQuantity)))
        expect(incoming).to.equal(onTheWay(location))
        expect(reserved).to.be.within(0, onHand)
      }
      const missing = sum(sent.flatMap((view) => view!.lines.map((line) => line.missing)))
      expect(balance).to.equal(sum(levels.map(({ onHand }) => onHand)) + onTheWay() + missing)
    }

    await givenMugs(test, { FAO: 1, LIS: 1, OPO: 1 }, sku)
    balance = 3
    for (const one of steps) {
      await take(one).catch((error: unknown) => {
        if (!(error instanceof DomainError || error instanceof DomainErrors)) throw error
      })
      await check()
    }
  }

  it('after every step of any history', async () => {
    let run = 0
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => play(`SKU-${run++}`, steps)), { numRuns: 60 })
  })
})
