import { DEFAULT_LIMITS, type Limits } from '../../src/presentation/limits.ts'

/** For tests, which ask for what can't be executed more often than any client that is let in. */
export const LENIENT_LIMITS: Limits = { ...DEFAULT_LIMITS, caller: { ...DEFAULT_LIMITS.caller, refusalsPerSecond: 1_000_000 } }
