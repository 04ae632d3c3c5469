import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { caller } from './plan.ts'
import { checkEnd, equal } from './checks.ts'
import { expire } from './promises.ts'
import { Play, type Real } from './run.ts'
import { applyMovements, openLocation, registerProduct } from './stock.ts'
import { type Step, steps } from './steps.ts'
import { Truth } from './truth.ts'
import { openWorld, type World } from './world.ts'

/** MODEL_RUNS sets how many histories are played, MODEL_SEED which. A failure names its seed, too, and the shortest history that shows it. */
const RUNS = Number(process.env.MODEL_RUNS ?? 2_000)
const SEED = Number(process.env.MODEL_SEED ?? randomInt(2 ** 31))
const COMMANDS_MAX = 100
/** A log of its own for so many runs, so that folding all of it again stays quick. */
const RUNS_A_WORLD = 200
/** In each place that there is from the start. */
const STOCK = 6
const LONGER_THAN_ANY_RESERVATION_MS = 60_000

describe('the inventory against a plain model of it', () => {
  let world: World
  let runs = 0

  before(async () => {
    process.stdout.write(`  MODEL_RUNS=${RUNS} MODEL_SEED=${SEED}\n`)
    world = await openWorld()
  })
  after(() => world.close())

  /** Goods and places of its own for each run, some of them there from the start. */
  async function begin(name: string): Promise<{ model: Truth; real: Real }> {
    const truth = new Truth(['TEA', 'MUG', 'CUP'].map((sku) => `${name}-${sku}`), ['FAO', 'LIS', 'OPO', 'BRA'].map((code) => `${name}-${code}`), world.clock.now())
    const { commands } = world.inventory
    for (const sku of truth.skus.slice(0, 2)) {
      await commands.registerProduct({ sku, name: sku, barcode: null, unit: 'EACH', attributes: {} }, caller)
      registerProduct(truth, sku)
    }
    for (const code of truth.codes.slice(0, 3)) {
      await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, caller)
      openLocation(truth, code)
    }
    const movements = truth.skus.slice(0, 2).flatMap((sku) => truth.codes.slice(0, 3).map((location) => ({ sku, location, delta: STOCK })))
    await commands.applyMovements({ movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, caller)
    applyMovements(truth, { movements, errorPolicy: 'ALL_OR_NOTHING', dryRun: false }, world.clock.now())
    return { model: truth, real: { world, name, keys: 0 } }
  }

  async function play(commands: Iterable<fc.AsyncCommand<Truth, Real>>): Promise<void> {
    const setup = await begin(`R${runs++}`)
    await fc.asyncModelRun(() => setup, commands)
    world.clock.advance(LONGER_THAN_ANY_RESERVATION_MS)
    equal(await world.inventory.expireDue(), expire(setup.model, world.clock.now()), 'reservations that are left')
    await checkEnd(setup.model, world)
    if (runs % RUNS_A_WORLD === 0) await renew()
  }

  async function renew(): Promise<void> {
    equal(await world.differences(), [], 'the log folded again')
    await world.close()
    world = await openWorld()
  }

  it(`gives the same answers and shows the same stock, now and at any past moment, in ${RUNS} histories of up to ${COMMANDS_MAX} commands`, async function () {
    this.timeout(0)
    const histories = fc.commands<Truth, Real, false>(steps.map((step) => (step as fc.Arbitrary<Step>).map((each) => new Play(each))), { maxCommands: COMMANDS_MAX, size: 'max' })
    await fc.assert(fc.asyncProperty(histories, play), { numRuns: RUNS, seed: SEED })
    await renew()
  })
})
