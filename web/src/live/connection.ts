import { signal } from '@preact/signals'
import { serverNow } from '../api/status.ts'

export type Connection = 'connecting' | 'live' | 'lost'

/** A break of the connection that is over. Times are milliseconds of the server's clock. */
export interface Resumption {
  readonly lostAt: number
  readonly backAt: number
  /** Changes that happened meanwhile and have come in since. */
  readonly caughtUp: number
}

const RESUMPTION_SHOWN_MS = 12_000
const WAIT_MS_MAX = 8_000

export const connection = signal<Connection>('connecting')
export const lostAt = signal<number | undefined>(undefined)
export const resumption = signal<Resumption | undefined>(undefined)
let forgetting: number | undefined

export function gone(): void {
  connection.value = 'lost'
  lostAt.value ??= serverNow()
  resumption.value = undefined
}

export function backAgain(): void {
  connection.value = 'live'
  if (lostAt.value === undefined) return
  resumption.value = { lostAt: lostAt.value, backAt: serverNow(), caughtUp: 0 }
  lostAt.value = undefined
  window.clearTimeout(forgetting)
  forgetting = window.setTimeout(() => { resumption.value = undefined }, RESUMPTION_SHOWN_MS)
}

/** A change that was recorded before the connection was back came in after it. */
export function countCaughtUp(recordedAt: string): void {
  const current = resumption.value
  if (current && Date.parse(recordedAt) < current.backAt) resumption.value = { ...current, caughtUp: current.caughtUp + 1 }
}

/** Longer with each attempt, and never the same for all who lost the same server. */
export const waitMs = (attempt: number): number => Math.min(WAIT_MS_MAX, 250 * 2 ** attempt) * (0.5 + Math.random() / 2)
