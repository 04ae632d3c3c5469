import { Counter, Gauge, type Registry } from 'prom-client'
import type { Status } from '../../application/inventory.ts'

/** What is not counted here but stands somewhere, and is read when somebody asks. */
export interface Readings {
  status(): Status
  /** Rejects where nobody can say. */
  openReservations(): Promise<number>
}

const BREAKER_STATES = ['CLOSED', 'OPEN', 'HALF_OPEN'] as const

export function registerReadings(register: Registry, { status, openReservations }: Readings): void {
  const registers = [register]
  new Counter({
    name: 'stockstream_events_total', help: 'Events in the log.', registers,
    collect() { this.reset(); this.inc(status().head) },
  })
  new Gauge({
    name: 'stockstream_ready', help: '1 while the server can serve all that it is for, 0 otherwise; /readyz says why.', registers,
    collect() { this.set(status().reasons.length === 0 ? 1 : 0) },
  })
  new Gauge({
    name: 'stockstream_read_model_lag_events', help: 'Events appended and not yet projected.', registers,
    collect() { const { head, projected } = status(); this.set(head - projected) },
  })
  new Gauge({
    name: 'stockstream_subscribers', help: 'Subscriptions that follow changes.', registers,
    collect() { this.set(status().subscribers) },
  })
  new Gauge({
    name: 'stockstream_breaker_state', help: '1 for the state that a circuit breaker is in, 0 for the others.', labelNames: ['name', 'state'], registers,
    collect() {
      this.reset()
      for (const { name, state } of status().breakers) for (const each of BREAKER_STATES) this.set({ name, state: each }, state === each ? 1 : 0)
    },
  })
  webhookReadings(registers, status)
  new Gauge({
    name: 'stockstream_reservations_open', help: 'Reservations that are open; not told while the read model is away.', registers,
    async collect() {
      const open = await openReservations().catch(() => undefined)
      if (open === undefined) this.remove()
      else this.set(open)
    },
  })
}

function webhookReadings(registers: Registry[], status: Readings['status']): void {
  new Gauge({
    name: 'stockstream_webhook_endpoints', help: 'Webhooks that are registered.', registers,
    collect() { this.set(status().webhooks.endpoints) },
  })
  new Gauge({
    name: 'stockstream_webhook_deliveries_waiting', help: 'Deliveries that are to be made, as far as queues have looked into the log.', registers,
    collect() { this.set(status().webhooks.waiting) },
  })
  new Gauge({
    name: 'stockstream_webhook_behind_events', help: 'Events that the queue which is furthest behind has not looked at.', registers,
    collect() { this.set(status().webhooks.behind) },
  })
}
