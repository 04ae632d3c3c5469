import { expect } from 'chai'
import { followThroughKills } from './subscribers.ts'

const SEED = Number(process.env.SEED ?? 1)

describe(`subscribers of a server that is killed, seed ${SEED}`, () => {
  it('are told every change once, in the order of the log, whoever is cut off', async () => {
    expect((await followThroughKills({ subscribers: 10, kills: 2, seed: SEED })).violations).to.deep.equal([])
  }).timeout(300_000)
})
