import Brakes from 'brakes'
import { isRefusal } from '../../application/failures.ts'
import { type Breaker, type BreakerState, type Logger, Unavailable } from '../../application/ports.ts'
import { deadline } from './deadline.ts'

export interface BreakerOptions {
  /** What it guards: «event store». */
  readonly name: string
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** How long an open breaker waits before it lets one call through to see. */
  readonly probeAfterMs: number
  /** A call that takes longer has failed, whatever becomes of it. */
  readonly callMsMax?: number
}

export interface OwnedBreaker extends Breaker {
  /** Stops its timers. */
  close(): void
}

/** Opens where of more than CALLS_MIN calls within the window half have failed. */
const CALLS_MIN = 4
const SUCCEEDING_MIN = 0.5
const BUCKET_MS = 500
const BUCKETS = 10
const CALL_MS_MAX = 5_000

/**
 * A circuit breaker over brakes, which counts, opens and waits. When its wait is over it would let everything
 * through: here, one call goes first, and the others still fail at once until it has come back.
 */
export function createBreaker(options: BreakerOptions): OwnedBreaker {
  return new ProbingBreaker(options)
}

class ProbingBreaker implements OwnedBreaker {
  readonly name: string
  readonly #brakes: Brakes
  #state: BreakerState = 'CLOSED'
  #failures = 0
  #probe: symbol | undefined
  #isClosed = false
  #health = deferred()

  constructor(private readonly options: BreakerOptions) {
    this.name = options.name
    this.#brakes = new Brakes({
      name: options.name, registerGlobal: false,
      bucketNum: BUCKETS, bucketSpan: BUCKET_MS, waitThreshold: CALLS_MIN, threshold: SUCCEEDING_MIN,
      healthCheck: () => this.#askedWhetherHealthy(), healthCheckInterval: options.probeAfterMs, isPromise: true,
    })
    // Nobody reads its percentiles, and working them out throws at some hundred thousand calls a second.
    this.#brakes._stats.stopSnapshots()
    this.#brakes.on('circuitOpen', () => { this.#opened() })
  }

  state(): BreakerState { return this.#state }

  failures(): number { return this.#failures }

  /** Calls at once, so that calls keep their order. */
  run<Value>(call: () => Promise<Value>): Promise<Value> {
    const isProbe = this.#state === 'HALF_OPEN' && this.#probe === undefined
    if (this.#state !== 'CLOSED' && !isProbe) return Promise.reject(this.#away())
    const report = isProbe ? this.#startProbe() : this.#reporter()
    const answer = withinTime(call, this.options.callMsMax ?? CALL_MS_MAX, () => this.#late())
    answer.then(() => { report(undefined) }, (error: unknown) => { report(isRefusal(error) ? undefined : error) })
    return answer
  }

  runNow<Value>(call: () => Value): Value {
    if (this.#state !== 'CLOSED') throw this.#away()
    const report = this.#reporter()
    try {
      const answer = call()
      report(undefined)
      return answer
    } catch (error) {
      report(isRefusal(error) ? undefined : error)
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    this.#brakes.destroy()
    // destroy leaves it running.
    this.#brakes._stats._stopBucketSpinning()
  }

  /**
   * Tells brakes how a call ended as its own circuits do, but without a timer and a second promise a call. A failure
   * that began before the breaker last opened says nothing of what is there now.
   */
  #reporter(): (error: unknown) => void {
    const generation = this.#brakes._circuitGeneration
    const startedAt = Date.now()
    return (error) => {
      const milliseconds = Date.now() - startedAt
      this.#failures = error === undefined ? 0 : this.#failures + 1
      if (error === undefined) this.#brakes.emit('success', milliseconds)
      else this.#brakes.emit('failure', milliseconds, error, generation)
    }
  }

  #startProbe(): (error: unknown) => void {
    const probe = Symbol()
    this.#probe = probe
    return (error) => { this.#probed(probe, error) }
  }

  #probed(probe: symbol, error: unknown): void {
    if (this.#probe !== probe) return
    this.#probe = undefined
    if (error === undefined) this.#healed()
    else this.#stillAway(error)
  }

  /** Of brakes, at every interval while it is open. The answer is how the next call ends. */
  #askedWhetherHealthy(): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    if (this.#state === 'OPEN') {
      this.#state = 'HALF_OPEN'
      this.#health = deferred()
    }
    return this.#health.promise
  }

  #opened(): void {
    this.#state = 'OPEN'
    this.options.logger.warn({ breaker: this.name, failures: this.#failures }, 'Calls fail too often: they are refused until one comes back.')
  }

  #healed(): void {
    this.#state = 'CLOSED'
    this.#failures = 0
    this.#health.resolve()
    this.options.logger.info({ breaker: this.name }, 'Calls come back: all go through again.')
  }

  #stillAway(error: unknown): void {
    this.#state = 'OPEN'
    this.#failures += 1
    this.#health.reject(error)
  }

  #late(): Unavailable {
    return new Unavailable(`The ${this.name} does not answer, and may still do what it was asked: ask again with the same idempotency key.`, this.options.probeAfterMs)
  }

  #away(): Unavailable {
    return new Unavailable(`The ${this.name} is away: ask again in a moment.`, this.options.probeAfterMs)
  }
}

/** Settles as the call does, or as `late` says where that takes too long. */
function withinTime<Value>(call: () => Promise<Value>, msMax: number, late: () => Error): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const cancel = deadline(msMax, () => { reject(late()) })
    void new Promise<Value>((begin) => { begin(call()) }).then(resolve, reject).finally(cancel)
  })
}

function deferred() {
  let resolve: () => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
