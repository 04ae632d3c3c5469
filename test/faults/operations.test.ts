import { expect } from 'chai'
import { examine, type LoggedChange, type Operation } from './operations.ts'

const change = (id: string, version: number, onHand: number, reserved = 0): LoggedChange => ({ id, version, onHand, reserved })
const log = [change('a', 1, 3), change('b', 2, -2), change('c', 3, 0, 1)]

const operation = (id: string, kind: Operation['kind'], quantity: number, begin: number, answer: object): Operation =>
  ({ id, kind, quantity, begin, answer: { end: begin + 1, isRefused: false, ...answer } })
const a = operation('a', 'add', 3, 1, { version: 1, shown: { onHand: 3, reserved: 0 } })
const b = operation('b', 'remove', 2, 3, { version: 2, shown: { onHand: 1, reserved: 0 } })
const c = operation('c', 'reserve', 1, 5, {})
const read = (begin: number, version: number, onHand: number, reserved = 0) => operation('r', 'read', 0, begin, { version, shown: { onHand, reserved } })
const refused = (begin: number, version: number, quantity: number) => operation('x', 'remove', quantity, begin, { version, isRefused: true })

describe('the check of what clients were answered', () => {
  it('finds nothing where all is right, and counts it', () => {
    const found = examine([a, b, c, read(2.5, 1, 3), read(7, 3, 1, 1), refused(5, 2, 2), refused(7, 3, 1)], log)
    expect(found).to.deep.equal({ acknowledged: 3, lost: 0, doubled: 0, refused: 2, violations: [] })
  })

  it('counts what is lost and what is doubled', () => {
    const { lost, doubled } = examine([a, b, c], [change('a', 1, 3), change('a', 2, 3), change('b', 3, -2)])
    expect([lost, doubled]).to.deep.equal([1, 1])
  })

  for (const [what, operations, changes, sentence] of [
    ['a gap in the versions', [], [change('b', 2, 1)], 'version 2 stands where 1 belongs'],
    ['an oversale', [], [change('b', 1, -1)], 'is oversold'],
    ['a promise of what is not there', [], [change('a', 1, 3), change('c', 2, 0, 4)], 'is oversold'],
    ['a lost write', [a, { ...b, id: 'd' }], log, 'which is not its own'],
    ['a lost reservation', [{ ...c, id: 'd' }], log, 'd was answered, and stands nowhere in the log'],
    ['a write done twice', [a], [...log, change('a', 4, 3)], 'a was done 2 times'],
    ['a stale read', [a, b, read(5, 1, 3)], log, 'r was answered with version 1, after b had been with 2'],
    ['a read that has not seen a reservation', [a, b, c, read(7, 2, 1)], log, 'r was answered with version 2, after c had been with 3'],
    ['a read of what never was', [a, b, read(5, 2, 7)], log, 'told 7 on hand'],
    ['a refusal without reason', [a, b, refused(5, 2, 1)], log, 'where there was enough'],
    ['a refusal at a version of before', [a, b, refused(5, 0, 1)], log, 'x was answered with version 0, after b'],
    ['a refusal of what was done', [a, { ...b, answer: { end: 4, version: 1, isRefused: true } }], log, 'was refused, and done'],
    ['writes against their order', [{ ...a, begin: 6, answer: { ...a.answer!, end: 7 } }, b], log, 'a was answered with version 1, after b'],
    ['an answer ahead of the log', [read(5, 9, 1)], log, 'which the log does not have'],
  ] as [string, Operation[], LoggedChange[], string][]) {
    it(`finds ${what}`, () => { expect(examine(operations, changes).violations.join('\n')).to.include(sentence) })
  }
})
