import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { sabotaged, sabotages } from './sabotages.ts'

describe('a build that breaks a promise', () => {
  for (const sabotage of sabotages) {
    it(`${sabotage.name}: it can still be made`, () => {
      const source = readFileSync(sabotage.file, 'utf8')
      expect(sabotaged(sabotage, source)).not.to.equal(source)
    })
  }

  it('is not made from a file that has changed', () => {
    expect(() => sabotaged(sabotages[0]!, 'something else')).to.throw(/stands 0 times/)
  })
})
