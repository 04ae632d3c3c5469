/** What nodes promise together, while they and what they share fail one after the other: `npm run torture:nodes`. */
import { missingService } from '../faults/cluster.ts'
import { linearizabilityOfNodes } from '../faults/nodes.ts'
import { runAll } from './runner.ts'

await runAll([false, true].map((sharesReadModel) => ({
  name: `Three nodes on MariaDB, Redis and Kafka${sharesReadModel ? ', with one read model' : ''}: all answers fit one order, and subscribers are told once of each change`,
  cycles: 30,
  hindrance() {
    const missing = missingService()
    return missing === undefined ? undefined : `${missing} is not installed`
  },
  run: (rounds: number, seed: number) => linearizabilityOfNodes(rounds, seed, sharesReadModel),
})))
