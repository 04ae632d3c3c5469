import type { CommandContext } from './commands/context.ts'
import { expire } from './commands/reservations.ts'
import { type Logger, Unavailable } from './ports.ts'
import type { DueQuery } from './read-model.ts'
import type { ReservationView } from './views.ts'

/** So many are asked for at once. */
const PAGE = 256
/** So many are ended side by side, each by an append of its own: few, so that other commands hardly wait for them. */
const LANES = 100
/** Often enough that an end is recorded within a second. The clock is looked at each time, so that its steps are seen. */
const TICK_MS = 200

export type ExpireDue = () => Promise<number>

/**
 * Ends the reservations whose time is over, and says how many. Which they are stands in the read model, so that
 * nothing has to be known from before a restart. One that fails keeps no other from its end; all are tried again with
 * the next call. Rejects with what failed, Unavailable at once.
 */
export function createExpireDue(context: CommandContext): ExpireDue {
  const { readModel, clock, ids } = context

  async function end(view: ReservationView): Promise<boolean> {
    const { position } = await expire(context, view, { actor: 'stockstream:expiry', correlationId: ids.next() })
    return position !== undefined
  }

  /** Page by page, from one look at the clock to the next. What has ended and is not projected yet is passed over. */
  async function* due(): AsyncGenerator<ReservationView> {
    let after: DueQuery['after']
    for (;;) {
      const { value: page } = await readModel.dueReservations({ now: clock.now(), first: PAGE, ...(after && { after }) })
      yield* page
      const last = page.at(-1)
      if (page.length < PAGE || !last) return
      after = { expiresAt: last.expiresAt ?? 0, id: last.id }
    }
  }

  return async function expireDue() {
    const waiting = due()
    const failures: unknown[] = []
    const fail = (failure: unknown): void => { failures.push(failure) }
    let ended = 0

    async function endNext(): Promise<void> {
      for await (const view of waiting) {
        if (failures.some(isAway)) return
        await end(view).then((isEnded) => { ended += Number(isEnded) }, fail)
      }
    }

    await Promise.all(Array.from({ length: LANES }, () => endNext().catch(fail)))
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} reservations could not be ended.`)
    return ended
  }
}

const isAway = (failure: unknown): boolean => failure instanceof Unavailable

/**
 * Looks for what is due again and again, one look at a time, while the clock may be believed. Returns the way to stop,
 * which waits for the look that is on.
 */
export function startExpiry(expireDue: ExpireDue, logger: Pick<Logger, 'error'>, isClockBelieved = () => true): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let look: Promise<void> = Promise.resolve()
  let isStopped = false

  async function lookOnce(): Promise<void> {
    if (!isClockBelieved()) return
    try {
      await expireDue()
    } catch (error) {
      logger.error({ err: error }, 'Reservations whose time is over could not be ended; it is tried again.')
    }
  }

  function next(): void {
    if (isStopped) return
    timer = setTimeout(() => { look = lookOnce().then(next) }, TICK_MS)
  }

  next()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await look
  }
}
