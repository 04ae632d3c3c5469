import { setTimeout as wait } from 'node:timers/promises'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { openMysqlEventStore } from '../../src/infrastructure/mysql/event-store.ts'
import { silent } from '../application/test-inventory.ts'
import { everything } from '../infrastructure/event-log/fixture.ts'
import { Cluster, NODES } from './cluster.ts'
import { changeOf } from './campaign.ts'
import { examine, type Operation, type OperationAnswer } from './operations.ts'
import { Random } from './random.ts'
import { Subscriber } from './subscriber.ts'
import type { Tally } from './tally.ts'

const CLIENTS = 8
/** Each client's, of a round. */
const OPERATIONS = 12
const SUBSCRIBERS = 4
const HELD_MS_MAX = 4_000
const CAUGHT_UP_MS_MAX = 60_000
const PLACE = { sku: 'MUG', location: 'LIS' } as const
const LEVEL = 'version quantities { onHand reserved }'

interface Level { readonly cursor?: string; readonly version: number; readonly quantities: { readonly onHand: number; readonly reserved: number } }
interface Payload {
  readonly cursor: string | null
  readonly userErrors: readonly { readonly code: string; readonly details: { readonly version?: number } }[]
  readonly stockLevel?: Level
}

/** Many clients at once on one stock level through three nodes, others that follow, and in every round something that fails. Then all is held against the log. */
export async function linearizabilityOfNodes(rounds: number, seed: number, sharesReadModel = false): Promise<Tally> {
  const cluster = await Cluster.start(sharesReadModel)
  try {
    return await new Rounds(cluster, seed).run(rounds)
  } finally {
    await cluster.close()
  }
}

const now = (): number => Number(process.hrtime.bigint())
const positionOf = (cursor: string): number => Number(Buffer.from(cursor, 'base64url').toString().split(':').at(-1))

class Rounds {
  private readonly random: Random
  private readonly operations: Operation[] = []
  /** The latest place in the log that anybody was told of. */
  private seen = ''
  private answered = 0
  /** Once something has gone wrong that ends the whole, nobody asks on. */
  private isOver = false

  constructor(private readonly cluster: Cluster, private readonly seed: number) { this.random = new Random(seed) }

  async run(rounds: number): Promise<Tally> {
    await this.insist('mutation { registerProduct(input: { sku: "MUG", name: "Mug", idempotencyKey: "product" }) { cursor } openLocation(input: { code: "LIS", name: "Lisbon", idempotencyKey: "location" }) { cursor } }', ({ openLocation }) => { this.saw((openLocation as Payload).cursor) })
    const start = this.seen
    const subscribers = Array.from({ length: SUBSCRIBERS }, () => new Subscriber(() => this.cluster.url(this.random.below(NODES)), start))
    try {
      for (let round = 0; round < rounds; round += 1) await this.round(round, subscribers)
      await this.operate({ id: `${this.seed}-last`, kind: 'add', quantity: 1, begin: now() })
      await Promise.race([Promise.all(subscribers.map(async (subscriber) => { while (subscriber.cursor !== this.seen && !this.isOver) await wait(20) })), wait(CAUGHT_UP_MS_MAX, undefined, { ref: false })])
    } finally {
      this.isOver = true
      for (const subscriber of subscribers) subscriber.end()
    }
    return await this.compared(rounds, subscribers)
  }

  private async round(round: number, subscribers: readonly Subscriber[]): Promise<void> {
    const clients = Array.from({ length: CLIENTS }, async (_, name) => {
      const random = new Random(this.seed * 100_000 + round * 100 + name)
      for (let n = 0; n < OPERATIONS; n += 1) {
        const kind = random.pick(['add', 'remove', 'reserve', 'read'] as const)
        await this.operate({ id: `${this.seed}-${round}-${name}-${n}`, kind, quantity: kind === 'read' ? 0 : 1 + random.below(4), begin: now() })
      }
    })
    await Promise.all([...clients, this.hinder(round, subscribers)])
  }

  /** In the midst of it. */
  private async hinder(round: number, subscribers: readonly Subscriber[]): Promise<void> {
    for (const enough = this.answered + CLIENTS * 2; this.answered < enough && !this.isOver;) await wait(5)
    this.random.pick(subscribers).cutOff()
    await this.fault(round)
  }

  private async fault(round: number): Promise<void> {
    const { cluster, random } = this
    const node = random.below(NODES)
    switch (round % 5) {
      case 0:
      case 3:
        await cluster.killNode(node)
        await cluster.startNode(node)
        return
      case 1:
        await cluster.holdNode(node, 500 + random.below(HELD_MS_MAX))
        return
      case 2:
        await cluster.redis.kill()
        cluster.brokers.hang()
        await wait(random.below(HELD_MS_MAX))
        cluster.brokers.goOn()
        await cluster.redis.start()
        return
      default:
        await cluster.database.crash()
    }
  }

  /** Asks one node after the other until there is an answer. */
  private async insist(query: string, take: (data: Record<string, unknown>, isFirstTry: boolean) => void, variables?: object): Promise<void> {
    for (let isFirstTry = true; !this.isOver; isFirstTry = false) {
      const data = await this.cluster.ask(this.random.below(NODES), query, variables)
      if (data) {
        take(data, isFirstTry)
        return
      }
      await wait(20)
    }
  }

  private async operate(operation: Operation): Promise<void> {
    const { id, kind, quantity } = operation
    let answer: Omit<OperationAnswer, 'end'> | undefined
    const input = { ...PLACE, quantity, idempotencyKey: id }
    const written = (field: string, selection = `stockLevel { ${LEVEL} }`, given: object = input) => this.insist(
      `mutation($input: ${field[0]?.toUpperCase() ?? ''}${field.slice(1)}Input!) { done: ${field}(input: $input) { cursor userErrors { code details } ${selection} } }`,
      ({ done }, isFirstTry) => { answer = this.told(done as Payload, isFirstTry) }, { input: given })
    switch (kind) {
      case 'add': await written('addStock'); break
      case 'remove': await written('removeStock', undefined, { ...input, reason: 'SOLD' }); break
      case 'reserve': await written('reserveStock', '', { lines: [{ ...PLACE, quantity }], idempotencyKey: id }); break
      case 'read': await this.insist(`query($atLeast: Cursor) { stockLevel(sku: "MUG", location: "LIS", atLeast: $atLeast) { cursor ${LEVEL} } }`,
        ({ stockLevel }) => { answer = this.shown(stockLevel as Level | null) }, { atLeast: this.seen })
    }
    // A refusal comes without a cursor: nobody can ask for what it was decided on, so that nothing begins after it.
    this.operations.push({ ...operation, ...(answer && { answer: { ...answer, end: answer.isRefused ? Infinity : now() } }) })
    this.answered += 1
  }

  /** A refusal after a try that got no answer is none: a node that stands still may yet do what it was asked first. */
  private told({ cursor, userErrors: [refusal], stockLevel }: Payload, isFirstTry: boolean): Omit<OperationAnswer, 'end'> | undefined {
    if (refusal) return isFirstTry ? { isRefused: true, version: Number(refusal.details.version) } : undefined
    this.saw(cursor)
    return stockLevel ? shownBy(stockLevel) : { isRefused: false }
  }

  /** What one node shows, another one has to as well for who brings the cursor. */
  private shown(level: Level | null): Omit<OperationAnswer, 'end'> {
    this.saw(level?.cursor ?? null)
    return shownBy(level)
  }

  private saw(cursor: string | null): void {
    if (cursor !== null && (this.seen === '' || positionOf(cursor) > positionOf(this.seen))) this.seen = cursor
  }

  private async compared(rounds: number, subscribers: readonly Subscriber[]): Promise<Tally> {
    const events = (await this.log()).filter(({ stream }) => stream === 'stock:MUG@LIS')
    const found = examine(this.operations, events.flatMap((event) => {
      const change = changeOf(event)
      return change ? [{ ...change, id: event.metadata.idempotency?.key ?? '', version: event.version }] : []
    }))
    const told = subscribers.map(({ changes }) => changes.map(({ event: { version } }) => version))
    return {
      ...found, cycles: rounds,
      violations: [...found.violations, ...told.flatMap((versions, n) => {
        const wrong = versions.findIndex((version, index) => version !== index + 1)
        return wrong === -1 && versions.length === events.length ? [] : [`subscriber ${n} was told of ${versions.length} changes of ${events.length}, and of version ${versions[wrong] ?? 'none'} as number ${wrong + 1}`]
      })],
    }
  }

  private async log(): Promise<readonly RecordedEvent[]> {
    const store = await openMysqlEventStore({ url: this.cluster.storeUrl, clock: systemClock, logger: silent })
    try {
      return await everything(store)
    } finally {
      await store.close()
    }
  }
}

const shownBy = (level: Level | null): Omit<OperationAnswer, 'end'> =>
  (level ? { isRefused: false, version: level.version, shown: level.quantities } : { isRefused: false, version: 0, shown: { onHand: 0, reserved: 0 } })
