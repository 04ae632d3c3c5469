/**
 * What the inventory must do, written down once more in the plainest way: every quantity is a number in a map, every
 * change a line in a journal. It shares no code with what it is held against.
 */
export interface Quantities { readonly onHand: number; readonly reserved: number; readonly unavailable: number; readonly incoming: number }

export interface Policy {
  readonly safetyStock: number
  readonly reorderPoint: number | null
  readonly reorderQuantity: number | null
  readonly backorderLimit: number
  readonly allowNegative: boolean
}

export interface Level extends Quantities, Policy {
  readonly sku: string
  readonly location: string
  readonly version: number
  readonly updatedAt: number
}

/** One change of one level. */
interface Entry {
  readonly level: string
  readonly version: number
  readonly occurredAt: number
  readonly recordedAt: number
  readonly deltas: Partial<Quantities>
  readonly policy: Partial<Policy>
}

export interface ReservationLine { readonly sku: string; readonly location: string; readonly quantity: number; fulfilled: number; released: number }
export interface Reservation {
  readonly id: string
  status: 'OPEN' | 'FULFILLED' | 'RELEASED' | 'EXPIRED'
  readonly lines: readonly ReservationLine[]
  readonly reference: string | null
  readonly placedAt: number
  expiresAt: number | null
  version: number
}

export interface TransferLine { readonly sku: string; readonly quantity: number; received: number; missing: number }
export interface Transfer {
  readonly id: string
  status: 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED'
  readonly from: string
  readonly to: string
  readonly lines: readonly TransferLine[]
  readonly reference: string | null
  readonly dispatchedAt: number
  completedAt: number | null
  version: number
}

/** `reasons`: code and field of each refusal, such as `NOT_FOUND lines.0.sku`. */
export class Refused extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(reasons.join(', '))
  }
}

export const refuse = (reason: string): never => { throw new Refused([reason]) }

const POLICY: Policy = { safetyStock: 0, reorderPoint: null, reorderQuantity: null, backorderLimit: 0, allowNegative: false }
const NOTHING: Quantities = { onHand: 0, reserved: 0, unavailable: 0, incoming: 0 }

export const availableOf = (level: Quantities): number => level.onHand - level.reserved - level.unavailable
export const promisableOf = (level: Level): number => Math.max(0, availableOf(level) - level.safetyStock + level.backorderLimit)
export const openOf = (line: ReservationLine): number => line.quantity - line.fulfilled - line.released
export const onTheWay = (line: TransferLine): number => line.quantity - line.received - line.missing

export class Truth {
  readonly products = new Map<string, { name: string; status: 'ACTIVE' | 'DISCONTINUED'; version: number }>()
  readonly locations = new Map<string, { name: string; status: 'OPEN' | 'CLOSED'; version: number }>()
  readonly reservations: Reservation[] = []
  readonly transfers: Transfer[] = []
  /** What went in less what went out of each product, over all locations. */
  readonly balance = new Map<string, number>()
  private levels = new Map<string, Level>()
  private journal: Entry[] = []

  /** The names that commands choose from. */
  constructor(readonly skus: readonly string[], readonly codes: readonly string[], readonly startedAt: number) {}

  /** All of it, or, where it is refused, nothing. */
  atOnce<Result>(work: () => Result): Result {
    const [levels, entries, balance] = [new Map(this.levels), this.journal.length, new Map(this.balance)]
    try {
      return work()
    } catch (error) {
      this.levels = levels
      this.journal.length = entries
      this.balance.clear()
      for (const [sku, value] of balance) this.balance.set(sku, value)
      throw error
    }
  }

  level(sku: string, location: string): Level {
    return this.levels.get(keyOf(sku, location)) ?? { sku, location, ...NOTHING, ...POLICY, version: 0, updatedAt: 0 }
  }

  /** A level is there from its first event on. */
  knownLevels(): readonly Level[] {
    return [...this.levels.values()]
  }

  post(sku: string, location: string, now: number, deltas: Partial<Quantities>, { occurredAt = now, policy = {} }: { occurredAt?: number | undefined; policy?: Partial<Policy> } = {}): void {
    const before = this.level(sku, location)
    const after = { ...before, ...policy, version: before.version + 1, updatedAt: now }
    for (const name of ['onHand', 'reserved', 'unavailable', 'incoming'] as const) after[name] += deltas[name] ?? 0
    this.levels.set(keyOf(sku, location), after)
    this.journal.push({ level: keyOf(sku, location), version: after.version, occurredAt, recordedAt: now, deltas, policy })
  }

  /** Goods came into the shop or left it. */
  account(sku: string, quantity: number): void {
    this.balance.set(sku, (this.balance.get(sku) ?? 0) + quantity)
  }

  /** The journal's lines up to both moments, added up; undefined where there are none. */
  past(sku: string, location: string, { asOf = Infinity, knownAt = Infinity }: { readonly asOf?: number; readonly knownAt?: number }): Level | undefined {
    const entries = this.journal.filter((entry) => entry.level === keyOf(sku, location) && entry.occurredAt <= asOf && entry.recordedAt <= knownAt)
    const last = entries.at(-1)
    if (!last) return undefined
    const level = { sku, location, ...NOTHING, ...POLICY, version: last.version, updatedAt: last.recordedAt }
    for (const { deltas, policy } of entries) {
      Object.assign(level, policy)
      for (const name of ['onHand', 'reserved', 'unavailable', 'incoming'] as const) level[name] += deltas[name] ?? 0
    }
    return level
  }
}

const keyOf = (sku: string, location: string): string => JSON.stringify([sku, location])
