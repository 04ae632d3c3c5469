/** What the server promises, under faults, for longer than a test may take: `npm run torture`. */
import { runAll } from './runner.ts'
import { scenarios } from './scenarios.ts'

await runAll(scenarios)
