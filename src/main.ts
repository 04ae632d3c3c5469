import { runToExit } from './cli/failure.ts'
import { serve } from './cli/server.ts'

await runToExit(serve)
