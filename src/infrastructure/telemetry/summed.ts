import { AggregatorRegistry, type MetricObject, Registry } from 'prom-client'
import type { Exposition } from '../../application/observer.ts'

/** What one process has counted, as plain data. */
export type Counted = readonly MetricObject[]

/** What several processes have counted, as if one had. */
export interface Summed extends Exposition {
  /** Keeps what a process had counted that is no more, so that no count falls. */
  keep(counted: Counted): Promise<void>
}

/** `all`: of each process that is there. */
export function createSummed(all: () => Promise<readonly Counted[]>): Summed {
  let kept: Counted = []
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    text: async () => sumOf([...await all(), kept]).metrics(),
    async keep(counted) {
      kept = await sumOf([kept, counted.filter(({ type }) => IS_COUNTED.has(String(type)))]).getMetricsAsJSON()
    },
  }
}

/** Other values are of now, and gone with the process. */
const IS_COUNTED: ReadonlySet<string> = new Set(['counter', 'histogram'])

const sumOf = (counted: readonly Counted[]): Registry => AggregatorRegistry.aggregate(counted as unknown as object[])
