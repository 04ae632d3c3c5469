import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kills } from './kills.ts'

const ROUNDS = process.env.CI === undefined ? 8 : 20
const SEED = Number(process.env.SEED ?? 1)

describe(`processes that are killed under load, seed ${SEED}`, () => {
  it(`answer as one that does one thing after the other, over ${ROUNDS} kills`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kills-'))
    try {
      const result = await kills(directory, ROUNDS, SEED)
      expect(result.violations).to.deep.equal([])
      expect(result.cycles, 'kills').to.be.greaterThan(ROUNDS / 2)
      expect(result.acknowledged, 'answers').to.be.greaterThan(100)
      expect(result.refused, 'refusals').to.be.greaterThan(20)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
