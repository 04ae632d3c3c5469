import { expect } from 'chai'
import { isNestedTooDeep, NESTING_MAX } from '../../src/presentation/nesting.ts'

describe('brackets in brackets', () => {
  for (const [what, json, wanted] of [
    ['as many as may be', '['.repeat(NESTING_MAX) + ']'.repeat(NESTING_MAX), false],
    ['one more', '['.repeat(NESTING_MAX + 1), true],
    ['braces and brackets together', '{"a":['.repeat(NESTING_MAX / 2 + 1), true],
    ['many one after another', '[{}],'.repeat(10_000), false],
    ['many in a text', `"${'['.repeat(10_000)}"`, false],
    ['many in a text with quotes in it', `"\\"${'['.repeat(10_000)}\\\\"`, false],
    ['many after a text that ends in a backslash', `"\\\\"${'['.repeat(10_000)}`, true],
  ] as const) {
    it(`are ${wanted ? '' : 'not '}too deep: ${what}`, () => { expect(isNestedTooDeep(Buffer.from(json))).to.equal(wanted) })
  }
})
