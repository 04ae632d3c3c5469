import { Unavailable } from './ports.ts'

/** A node that decides on what several have collided on, and how it is asked to. */
export interface Owner {
  /** Of its process: another one after each start. */
  readonly id: string
  /** Where other nodes reach it. */
  readonly url: string
  /** What it takes commands of other nodes by: known to who reads the database. */
  readonly token: string
}

export interface Lease {
  readonly slot: number
  readonly owner: Owner
  /** By the clock that all nodes share. */
  readonly remainingMs: number
}

/** Who owns which slot for a time, the same for all nodes. */
export interface Leases {
  /** Of this process. */
  readonly id: string
  /** Takes those that are free, keeps those that are this node's, and tells whose each is. A node that can't be reached takes none. */
  claim(slots: readonly number[]): Promise<readonly Lease[]>
  /** Others need not wait until this node no longer comes back. */
  release(): Promise<void>
}

interface Named { readonly name: string }

/**
 * One node at a time decides on what is sold at several. It saves collisions and nothing else: where a lease lapses or
 * nobody knows of it, the versions in the store still let one through alone.
 */
export interface Owners {
  /** Whom to give a command on these streams; undefined where it may as well be done here. */
  elsewhere(streams: readonly Named[]): Owner | undefined
  /** Another node has given a command on these streams: they are worth keeping. */
  wanted(streams: readonly Named[]): void
  /** A command was too late here: resolves once it is known who owns the stream. */
  collided(stream: string): Promise<void>
  /** It did not take what it was given: nothing is, for a while. */
  passOver(owner: Owner): void
  close(): Promise<void>
}

/** The command is best done at another node, and nothing was done here. */
export class OwnedElsewhere extends Unavailable {
  constructor(readonly owner: Owner) {
    super('Another node decides on this for now: ask again.', 100)
  }
}

/** Those of one slot have one owner: so many rows at the most, whatever the number of streams. */
const SLOTS = 4_096
/** A lease is to live several times as long. */
const LOOK_EVERY_MS = 500
const PASSED_OVER_MS = 2_000

/** What is said of a slot, for as long as it is true. */
interface Known {
  /** Undefined where it is this node. */
  readonly owner: Owner | undefined
  readonly until: number
  /** Since it was last looked at. */
  isUsed: boolean
}

export const alone: Owners = {
  elsewhere: () => undefined, wanted: () => undefined, collided: () => Promise.resolve(), passOver: () => undefined, close: () => Promise.resolve(),
}

export function createOwners(leases: Leases): Owners {
  const known = new Map<number, Known>()
  const passedOver = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let asked = new Set<number>()
  let asking: Promise<void> | undefined
  let isClosed = false

  const current = (name: string): Known | undefined => {
    const held = isContestable(name) ? known.get(slotOf(name)) : undefined
    return held && held.until > performance.now() ? held : undefined
  }

  /** One question at a time; what comes up meanwhile goes into the next. */
  function look(slots: Iterable<number>): Promise<void> {
    for (const slot of slots) asked.add(slot)
    return asking ??= lookUntilAnswered().finally(() => { asking = undefined })
  }

  async function lookUntilAnswered(): Promise<void> {
    // Those who collide in the same turn ask once.
    await Promise.resolve()
    while (asked.size > 0 && !isClosed) {
      const slots = [...asked]
      asked = new Set()
      // Where nobody can tell, each node goes on by itself.
      const found = await leases.claim(slots).catch((): readonly Lease[] => [])
      for (const { slot, owner, remainingMs } of found) {
        known.set(slot, { owner: owner.id === leases.id ? undefined : owner, until: performance.now() + remainingMs, isUsed: false })
      }
    }
    lookLater()
  }

  function lookLater(): void {
    if (timer !== undefined || known.size === 0 || isClosed) return
    timer = setTimeout(() => {
      timer = undefined
      const used = [...known].filter(([, { isUsed }]) => isUsed).map(([slot]) => slot)
      for (const [slot, held] of known) {
        if (!held.isUsed && held.until <= performance.now()) known.delete(slot)
        held.isUsed = false
      }
      if (used.length > 0) void look(used)
      else lookLater()
    }, LOOK_EVERY_MS).unref()
  }

  return {
    elsewhere(streams) {
      if (known.size === 0) return undefined
      const held = streams.flatMap(({ name }) => current(name) ?? [])
      if (held.some(({ owner }) => owner === undefined)) return undefined
      const first = held.find(({ owner }) => owner && (passedOver.get(owner.id) ?? 0) <= performance.now())
      if (first) first.isUsed = true
      return first?.owner
    },
    wanted(streams) {
      for (const { name } of streams) {
        const held = current(name)
        if (held && held.owner === undefined) held.isUsed = true
      }
    },
    async collided(stream) {
      if (isContestable(stream) && !current(stream)) await look([slotOf(stream)])
    },
    passOver({ id }) {
      passedOver.clear()
      passedOver.set(id, performance.now() + PASSED_OVER_MS)
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await asking
      await leases.release().catch(() => undefined)
    },
  }
}

/** What all sell at once are stock levels; all else has its own stream or changes seldom. */
const isContestable = (stream: string): boolean => stream.startsWith('stock:')

/** FNV-1a: the same on every node. */
function slotOf(stream: string): number {
  let hash = 0x811c9dc5
  for (let n = 0; n < stream.length; n += 1) hash = Math.imul(hash ^ stream.charCodeAt(n), 0x01000193)
  return (hash >>> 0) % SLOTS
}
