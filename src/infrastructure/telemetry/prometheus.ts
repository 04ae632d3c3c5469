import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Exposition, Observer } from '../../application/observer.ts'
import { createCounts } from './counts.ts'
import { registerReadings, type Readings } from './readings.ts'
import type { Counted } from './summed.ts'

export interface Prometheus {
  readonly observer: Observer
  readonly exposition: Exposition
  /** All that is counted, for whoever adds it up with what others have counted. */
  counted(): Promise<Counted>
  /** From here on these are read, too, whenever somebody asks. */
  watch(readings: Readings): void
}

/** They are gauges, and named as only counters may be. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** What Prometheus reads. Each has its own registry, so that two servers in one process count apart. */
export function createPrometheus(): Prometheus {
  const register = new Registry()
  collectDefaultMetrics({ register })
  for (const name of MISNAMED) register.removeSingleMetric(name)
  return {
    observer: createCounts(register),
    exposition: { contentType: register.contentType, text: () => register.metrics() },
    counted: () => register.getMetricsAsJSON(),
    watch(readings) { registerReadings(register, readings) },
  }
}
