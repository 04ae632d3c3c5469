import 'reflect-metadata'
import { expect } from 'chai'
import { IsInt, Max, Min, ValidateNested } from 'class-validator'
import { acceptsOf } from '../../../../src/presentation/graphql/compiled/inputs.ts'

class Counted { @Min(0) count?: number | null }
class CountedToTen extends Counted { @IsInt() @Max(10) declare count?: number | null }
class Holding { @ValidateNested() counted!: Counted }
class Unruled { count!: number }

describe('the rules of an input, looked up once', () => {
  it('are kept or not', () => {
    expect([0, 7].map((count) => acceptsOf(Counted)?.({ count }))).to.deep.equal([true, true])
    expect(acceptsOf(Counted)?.({ count: -1 })).to.equal(false)
  })

  it('say nothing of what is absent or null', () => {
    expect([{}, { count: null }].map((input) => acceptsOf(Counted)?.(input))).to.deep.equal([true, true])
  })

  it('hold for a class that extends another', () => {
    expect([11, 1.5].map((count) => acceptsOf(CountedToTen)?.({ count }))).to.deep.equal([false, false])
    expect(acceptsOf(CountedToTen)?.({ count: 10 })).to.equal(true)
  })

  it('are left to class-validator where they are in each other, or where there are none', () => {
    expect([Holding, Unruled].map((input) => acceptsOf(input))).to.deep.equal([undefined, undefined])
  })
})
