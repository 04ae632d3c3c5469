import { expect } from 'chai'
import { describeWith } from '../services/required.ts'
import { missingService } from './cluster.ts'
import { linearizabilityOfNodes } from './nodes.ts'

describeWith(missingService() ?? 'a service', () => missingService() === undefined, 'three nodes on MariaDB, Redis and Kafka', () => {
  for (const sharesReadModel of [false, true]) it(`answer as one${sharesReadModel ? ' from one read model' : ''}, and tell of every change once, while one is killed and another stands still`, async () => {
    const { violations, acknowledged, refused, lost, doubled } = await linearizabilityOfNodes(2, 1, sharesReadModel)
    expect(violations).to.deep.equal([])
    expect([lost, doubled]).to.deep.equal([0, 0])
    expect(acknowledged).to.be.above(0)
    expect(refused).to.be.above(0)
  })
})
