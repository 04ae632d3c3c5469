import { expect } from 'chai'
import { type LoggedChange, type Operation, violations } from './operations.ts'

const log: LoggedChange[] = [{ id: 'a', version: 1, delta: 3 }, { id: 'b', version: 2, delta: -2 }]
const a: Operation = { id: 'a', kind: 'add', quantity: 3, begin: 1, answer: { end: 2, version: 1, onHand: 3 } }
const b: Operation = { id: 'b', kind: 'remove', quantity: 2, begin: 3, answer: { end: 4, version: 2, onHand: 1 } }
const read = (begin: number, version: number, onHand: number): Operation => ({ id: 'r', kind: 'read', quantity: 0, begin, answer: { end: begin + 1, version, onHand } })
const refused = (begin: number, version: number, quantity: number): Operation => ({ id: 'x', kind: 'remove', quantity, begin, answer: { end: begin + 1, version } })

describe('the check of what clients were answered', () => {
  it('finds nothing where all is right', () => {
    expect(violations([a, b, read(2.5, 1, 3), read(5, 2, 1), refused(5, 2, 2)], log)).to.deep.equal([])
  })

  for (const [what, operations, changes, sentence] of [
    ['a gap in the versions', [], [{ id: 'b', version: 2, delta: 1 }], 'version 2 stands where 1 belongs'],
    ['an oversale', [], [{ id: 'b', version: 1, delta: -1 }], 'is oversold'],
    ['a lost write', [a, { ...b, id: 'c' }], log, 'which is not its own'],
    ['a write done twice', [a], [...log, { id: 'a', version: 3, delta: 3 }], 'a was done 2 times'],
    ['a stale read', [a, b, read(5, 1, 3)], log, 'r was answered with version 1, after b had been with 2'],
    ['a read of what never was', [a, b, read(5, 2, 7)], log, 'told 7 on hand'],
    ['a refusal without reason', [a, b, refused(5, 2, 1)], log, 'where there was enough'],
    ['a refusal at a version of before', [a, b, refused(5, 0, 1)], log, 'x was answered with version 0, after b'],
    ['a refusal of what was done', [a, { ...b, answer: { end: 4, version: 1 } }], log, 'was refused, and done'],
    ['writes against their order', [{ ...a, begin: 6, answer: { ...a.answer!, end: 7 } }, b], log, 'a was answered with version 1, after b'],
    ['an answer ahead of the log', [read(5, 9, 1)], log, 'which the log does not have'],
  ] as [string, Operation[], LoggedChange[], string][]) {
    it(`finds ${what}`, () => { expect(violations(operations, changes).join('\n')).to.include(sentence) })
  }
})
