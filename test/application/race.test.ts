import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Composition, compose } from '../../src/compose.ts'
import { DomainError, DomainErrors } from '../../src/domain/errors.ts'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createManualClock, type ManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { Random } from '../faults/random.ts'
import { caller } from './given-inventory.ts'
import { givenMugs, level } from './promises.ts'
import { silent } from './test-inventory.ts'

const SEED = Number(process.env.SEED ?? randomInt(2 ** 31))
const ROUNDS = 30
const CARTS = 1_000
/** So many at the same time; the others come as these go, when some of what was held is free again. */
const AT_ONCE = 200
const UNITS_A_PLACE = 20
const STOCK = Object.fromEntries(['BRA', 'FAO', 'LIS', 'OPO', 'SET'].map((code) => [code, UNITS_A_PLACE]))
const UNITS = 100
const STRATEGIES = ['FEWEST_LOCATIONS', 'PRIORITY', 'MOST_AVAILABLE'] as const
const SECONDS_MAX = 30

describe('carts that race for the last goods', () => {
  const random = new Random(SEED)
  let directory: string
  let clock: ManualClock
  let test: Composition

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-race-'))
    clock = createManualClock()
    test = await compose({ directory, clock, ids: uuidV7, logger: silent })
  })
  after(async () => {
    await test.close()
    await rm(directory, { recursive: true })
  })

  /** What a refusal is the right answer to, is no fault of the shop. */
  const unlessRefused = async (work: Promise<unknown>): Promise<boolean> => {
    try {
      await work
      return true
    } catch (error) {
      if (error instanceof DomainError || error instanceof DomainErrors) return false
      throw error
    }
  }

  /** Reserves, and then buys, gives back or forgets what it holds. Returns what it bought. */
  async function cart(sku: string): Promise<number> {
    const { commands } = test.inventory
    const quantity = 1 + random.below(3)
    const more = { strategy: STRATEGIES[random.below(3)]!, expiresInSeconds: 1 + random.below(SECONDS_MAX), dryRun: false }
    let id = ''
    const isHeld = await unlessRefused(commands.reserveStock({ lines: [{ sku, quantity }], ...more }, caller).then(({ result }) => { id = result.id }))
    if (random.below(10) === 0) await passTime()
    if (!isHeld) return 0
    switch (random.below(3)) {
      case 0: return await unlessRefused(commands.fulfillReservation({ id }, caller)) ? quantity : 0
      case 1: await unlessRefused(commands.releaseReservation({ id }, caller)); return 0
      default: return 0
    }
  }

  let look: Promise<unknown> | undefined

  /** What is over by then is ended by one look at a time, as by the timer. */
  async function passTime(): Promise<void> {
    clock.advance(random.below(SECONDS_MAX) * 100)
    look ??= test.inventory.expireDue().finally(() => { look = undefined })
    await look
  }

  async function race(sku: string): Promise<number> {
    const bought: number[] = []
    let left = CARTS
    const lane = async (): Promise<void> => { while (left-- > 0) bought.push(await cart(sku)) }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    return bought.reduce((sum, quantity) => sum + quantity, 0)
  }

  it(`never promise one twice, and hold nothing when all is over, ${ROUNDS} times (SEED=${SEED})`, async function () {
    this.timeout(300_000)
    let ends = 0
    for (let round = 0; round < ROUNDS; round++) {
      const sku = `MUG-${round}`
      await givenMugs(test, STOCK, sku)
      const watch = watchOversold(test)
      const bought = await race(sku)
      clock.advance(SECONDS_MAX * 1_000)
      await test.inventory.expireDue()
      const { oversold, expired } = watch.stop()
      ends += expired
      expect(oversold, `oversold in round ${round}`).to.deep.equal([])
      const levels = await Promise.all(Object.keys(STOCK).map((code) => level(test, code, sku)))
      expect(levels.map(({ reserved }) => reserved), `still held after round ${round}`).to.deep.equal([0, 0, 0, 0, 0])
      expect(levels.reduce((sum, { onHand }) => sum + onHand, 0)).to.equal(UNITS - bought)
    }
    expect((await test.inventory.queries.reservationPage({ statuses: ['OPEN'], first: 1 })).totalCount).to.equal(0)
    expect(ends, 'too few ran out of time to tell').to.be.greaterThan(ROUNDS)
  })
})

/** Adds up the events as they come: where ever more is held than is there. */
function watchOversold({ store }: Composition) {
  const held = new Map<string, number>()
  const oversold: string[] = []
  let expired = 0
  const add = (stream: string, quantity: number): void => { held.set(stream, (held.get(stream) ?? 0) + quantity) }
  const look = ({ stream, type, data, position }: RecordedEvent): void => {
    if (type === 'StockReserved') add(stream, data.quantity)
    // Handed out or not: it stays taken; what is given back is free again.
    if (type === 'ReservedStockReleased') add(stream, -data.quantity)
    if (type === 'ReservationExpired') expired += 1
    if ((held.get(stream) ?? 0) > UNITS_A_PLACE) oversold.push(`${held.get(stream) ?? 0} of ${stream} at ${position}`)
  }
  const stop = store.onCommit((events) => { events.forEach(look) })
  return { stop: () => { stop(); return { oversold, expired } } }
}
