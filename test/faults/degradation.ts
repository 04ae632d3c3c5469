import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compose, type Composition } from '../../src/compose.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { at, caller, eventsOf, LISBON, MUG } from '../application/given-inventory.ts'
import { silent } from '../application/test-inventory.ts'
import { NOTHING, type Tally } from './tally.ts'
import { type Mood, WaywardFiles } from './wayward-files.ts'

/** Longer than a sync of a busy machine takes. */
const CALL_MS_MAX = 2_000
const WRITING = 'event store for writing'
const REFUSALS = 20

const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await wait(2) }

export interface Away extends Tally {
  /** How long the slowest refusal took once the breaker was open, in milliseconds. */
  readonly refusalMsMax: number
}

/** The application on a disk that fails, hangs or is slow when it is told to. */
export class DegradedInventory {
  private keys = 0

  private constructor(private readonly directory: string, readonly files: WaywardFiles, private readonly composition: Composition) {}

  static async open(): Promise<DegradedInventory> {
    const directory = await mkdtemp(join(tmpdir(), 'degradation-'))
    const files = new WaywardFiles()
    const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, files, callMsMax: CALL_MS_MAX })
    const { commands } = composition.inventory
    await commands.registerProduct(MUG, caller)
    await commands.openLocation(LISBON, caller)
    return new DegradedInventory(directory, files, composition)
  }

  async close(): Promise<void> {
    this.files.set('well')
    await this.composition.close()
    await rm(this.directory, { recursive: true })
  }

  add(idempotencyKey = `k${++this.keys}`): Promise<unknown> {
    return this.composition.inventory.commands.addStock({ ...at, quantity: 1, reason: 'FOUND', idempotencyKey }, caller)
  }

  /** As a client does it: the same again until there is an answer. */
  async insist(key?: string): Promise<void> {
    while (await this.add(key).then(() => false, () => true)) await wait(10)
  }

  async onHand(): Promise<number | undefined> {
    return (await this.composition.inventory.queries.stockLevels([at])).value[0]?.onHand
  }

  get breaker(): string { return this.composition.inventory.status().breakers.find(({ name }) => name === WRITING)!.state }

  /** Asks until the breaker is open. Returns the keys that were asked with. */
  async opened(): Promise<string[]> {
    const asked: string[] = []
    while (this.breaker !== 'OPEN') {
      const some = Array.from({ length: 5 }, () => `k${++this.keys}`)
      asked.push(...some)
      for (const outcome of await Promise.allSettled(some.map((key) => this.add(key)))) {
        if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(Unavailable)
      }
    }
    return asked
  }

  /** Away for a while, and back: refused without being asked, read and followed on, and nothing half-done or twice. Throws otherwise. */
  async whileAway(mood: Extract<Mood, 'failing' | 'hanging'>): Promise<Away> {
    const { inventory, store } = this.composition
    const followed: number[] = []
    const changes = inventory.changes.stock({})
    const following = (async () => { for await (const { position } of changes) followed.push(position) })()
    const before = (await this.onHand() ?? 0) + 1
    await this.add()
    this.files.set(mood)
    const asked = await this.opened()
    expect(inventory.status().reasons.join(' '), 'the reason').to.include(WRITING)
    const refusalMsMax = await this.refusedAtOnce(mood)
    expect(await this.onHand(), 'reads go on').to.equal(before)
    this.files.set('well')
    for (const key of [...asked, `last ${this.keys}`]) await this.insist(key)
    expect(await this.onHand(), 'each once').to.equal(before + asked.length + 1)
    const positions = (await eventsOf(store)).filter(({ type }) => type === 'StockAdded').map(({ position }) => position)
    await until(() => followed.at(-1) === positions.at(-1))
    expect(followed, 'what the subscriber was told').to.deep.equal(positions.slice(-followed.length))
    expect(followed).to.have.length(asked.length + 2)
    expect(this.breaker).to.equal('CLOSED')
    await changes.return?.()
    await following
    return { ...NOTHING, cycles: 1, acknowledged: asked.length + 2, refused: REFUSALS, refusalMsMax }
  }

  /** Milliseconds that the slowest took. */
  private async refusedAtOnce(mood: Mood): Promise<number> {
    const { syncs } = this.files
    const startedAt = performance.now()
    let slowest = 0
    const ask = async (): Promise<void> => {
      const refusal = await this.add().then(() => undefined, (error: unknown) => error)
      slowest = Math.max(slowest, performance.now() - startedAt)
      expect(refusal).to.be.instanceOf(Unavailable).with.property('retryAfterMs').that.is.greaterThan(0)
    }
    await Promise.all(Array.from({ length: REFUSALS }, ask))
    if (mood === 'hanging') expect(this.files.syncs, 'syncs that were asked for meanwhile').to.equal(syncs)
    return slowest
  }

  /** Of so many that ask while it is half open, how many went through. */
  async probes(commands: number): Promise<number> {
    this.files.set('hanging')
    await this.opened()
    await until(() => this.breaker === 'HALF_OPEN')
    const outcomes = await Promise.allSettled(Array.from({ length: commands }, () => this.add()))
    this.files.set('well')
    await this.insist()
    return outcomes.filter((outcome) => outcome.status === 'rejected' && String(outcome.reason).includes('may still do')).length
  }
}
