import { runToExit } from './cli/failure.ts'
import { work } from './cli/worker.ts'

await runToExit(work)
