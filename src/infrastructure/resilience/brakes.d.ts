/** What is used of brakes, which comes without types. The underlined members are private to it; see breaker.ts for why. */
declare module 'brakes' {
  import type { EventEmitter } from 'node:events'

  interface BrakesOptions {
    readonly name: string
    readonly registerGlobal: boolean
    /** The failure rate is taken over this many buckets. */
    readonly bucketNum: number
    /** Milliseconds. */
    readonly bucketSpan: number
    /** With so few calls among them nothing opens. */
    readonly waitThreshold: number
    /** Opens where a smaller part than this succeeds. */
    readonly threshold: number
    /** Asked at every interval while open: closes where it resolves. */
    readonly healthCheck: () => Promise<void>
    /** Milliseconds. */
    readonly healthCheckInterval: number
    /** That healthCheck is a function that returns a promise. */
    readonly isPromise: boolean
  }

  export default class Brakes extends EventEmitter {
    constructor(options: BrakesOptions)
    destroy(): void
    readonly _circuitGeneration: number
    readonly _stats: { stopSnapshots(): void; _stopBucketSpinning(): void }
  }
}
