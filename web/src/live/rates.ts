import { signal } from '@preact/signals'
import type { Change } from '../api/types.ts'

/** What happened in one second of this browser's clock. */
export interface Second { readonly at: number; readonly changes: number; readonly onHand: number }

const SECONDS_KEPT = 300
const RATE_OVER_SECONDS = 5

/** The last five minutes, second by second, the oldest first. `onHand` is the sum of what all changes did to it. */
export const seconds = signal<readonly Second[]>([])
/** Changes a second over the last few. */
export const rate = signal(0)

let current = { changes: 0, onHand: 0 }

export function countChange({ onHandDelta }: Change): void {
  current = { changes: current.changes + 1, onHand: current.onHand + onHandDelta }
}

export function watchRates(): void {
  seconds.value = [{ at: now(), changes: 0, onHand: 0 }]
  window.setInterval(() => {
    seconds.value = [...seconds.value, { at: now(), ...current }].slice(-SECONDS_KEPT)
    current = { changes: 0, onHand: 0 }
    const recent = seconds.value.slice(-RATE_OVER_SECONDS)
    rate.value = recent.reduce((sum, { changes }) => sum + changes, 0) / recent.length
  }, 1_000)
}

const now = (): number => Math.floor(Date.now() / 1_000)
