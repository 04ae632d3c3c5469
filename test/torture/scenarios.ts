import { clientScenarios } from './scenarios/clients.ts'
import { logScenarios } from './scenarios/log.ts'
import { serverScenarios } from './scenarios/server.ts'
import type { Scenario } from './scenario.ts'

/** The rows of the table, from the disk up to the crowd. */
export const scenarios: readonly Scenario[] = [...logScenarios, ...serverScenarios, ...clientScenarios]
