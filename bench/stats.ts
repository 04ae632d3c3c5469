/** What one run of a workload came to. */
export interface Measured {
  /** Units in a CPU second of the server, all its threads. */
  readonly perCpuSecond: number
  /** Units in a second of wall time. */
  readonly perSecond: number
  /** Of the latencies, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** The run in the middle, by what it did in a CPU second. */
export function medianOf(all: readonly Measured[]): Measured {
  const median = all.toSorted((a, b) => a.perCpuSecond - b.perCpuSecond)[Math.floor(all.length / 2)]
  if (!median) throw new Error('Nothing was measured: ask for one run at least.')
  return median
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}
