import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DERIVED_POINTS, derivedKills } from './derived-kills.ts'
import { canInject } from './system-calls.ts'

const SEED = Number(process.env.SEED ?? 1)

describe(`processes that are killed while they write what is derived from the log (strace has to be installed), seed ${SEED}`, () => {
  it('lose nothing, and leave a read model and an index that go on or are made anew', async function () {
    if (!canInject()) this.skip()
    const directory = await mkdtemp(join(tmpdir(), 'derived-kills-'))
    try {
      const { violations, cycles } = await derivedKills(directory, DERIVED_POINTS.length, SEED)
      expect(violations).to.deep.equal([])
      expect(cycles, 'kills').to.be.greaterThan(DERIVED_POINTS.length / 2)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
