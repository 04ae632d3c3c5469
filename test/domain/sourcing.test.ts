import { expect } from 'chai'
import fc from 'fast-check'
import type { ReservedLine } from '../../src/domain/events.ts'
import { source, type SourcedLine, type SourcingRequest, type SourcingStrategy } from '../../src/domain/sourcing.ts'

const STRATEGIES: readonly SourcingStrategy[] = ['FEWEST_LOCATIONS', 'PRIORITY', 'MOST_AVAILABLE']
const stock = (location: string, sku: string, quantity: number): ReservedLine => ({ sku, location, quantity })
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const placesOf = (lines: readonly SourcedLine[]): string[] => [...new Set(lines.flatMap(({ sourcing }) => sourcing.map(({ location }) => location)))].sort()
const parts = (lines: readonly SourcedLine[]): string[][] => lines.map(({ sourcing }) => sourcing.map(({ location, quantity }) => `${quantity}@${location}`))

const request: fc.Arbitrary<SourcingRequest> = fc.record({
  lines: fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 8 }) }), { minLength: 1, maxLength: 5 }),
  supply: fc.uniqueArray(
    fc.record({ sku: fc.constantFrom('A', 'B', 'C'), location: fc.constantFrom('L1', 'L2', 'L3', 'L4', 'L5', 'L6'), quantity: fc.integer({ min: 0, max: 6 }) }),
    { selector: ({ sku, location }) => `${sku}@${location}`, maxLength: 18 },
  ),
  strategy: fc.constantFrom(...STRATEGIES),
  priority: fc.shuffledSubarray(['L1', 'L2', 'L3', 'L4', 'L5', 'L6']),
})

describe('sourcing', () => {
  const supply = [stock('Y', 'A', 5), stock('X', 'A', 3), stock('Z', 'A', 2), stock('X', 'B', 1), stock('Z', 'B', 4)]
  const lines = [{ sku: 'A', quantity: 4 }, { sku: 'B', quantity: 1 }]

  it('takes as few locations as can be, over the whole basket', () => {
    expect(parts(source({ lines, supply, strategy: 'FEWEST_LOCATIONS' }))).to.deep.equal([['4@Y'], ['1@X']])
    expect(parts(source({ lines: [{ sku: 'A', quantity: 2 }, { sku: 'B', quantity: 3 }], supply, strategy: 'FEWEST_LOCATIONS' }))).to.deep.equal([['2@Z'], ['3@Z']])
  })
  it('counts a location that goods are taken from anyway for nothing', () => {
    expect(parts(source({ lines: [{ sku: 'A', quantity: 2 }], supply, strategy: 'FEWEST_LOCATIONS' }))).to.deep.equal([['2@X']])
    expect(parts(source({ lines: [{ sku: 'A', quantity: 2 }], supply, strategy: 'FEWEST_LOCATIONS', taken: ['Z'] }))).to.deep.equal([['2@Z']])
  })
  it('takes them in the order of priority, and those without one by their code', () => {
    expect(parts(source({ lines, supply, strategy: 'PRIORITY', priority: ['Z', 'Y'] }))).to.deep.equal([['2@Z', '2@Y'], ['1@Z']])
    expect(parts(source({ lines, supply, strategy: 'PRIORITY' }))).to.deep.equal([['3@X', '1@Y'], ['1@X']])
  })
  it('takes them where most is available', () => {
    expect(parts(source({ lines: [{ sku: 'A', quantity: 7 }, { sku: 'A', quantity: 2 }], supply, strategy: 'MOST_AVAILABLE' }))).to.deep.equal([['5@Y', '2@X'], ['2@Z']])
  })
  it('gives a line that is too large nothing, and those after it all', () => {
    const [large, small] = source({ lines: [{ sku: 'A', quantity: 11 }, { sku: 'A', quantity: 10 }], supply, strategy: 'PRIORITY' })
    expect(large).to.deep.equal({ sku: 'A', requested: 11, availableToPromise: 10, sourcing: [] })
    expect(sum(small!.sourcing.map(({ quantity }) => quantity))).to.equal(10)
    expect(source({ lines: [{ sku: 'none', quantity: 1 }], supply, strategy: 'FEWEST_LOCATIONS' })[0]!.availableToPromise).to.equal(0)
  })
  it('answers soon over a thousand locations', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => [stock(`L${index}`, 'A', 1 + (index % 7)), stock(`L${index}`, 'B', 1 + (index % 3))]).flat()
    const started = performance.now()
    const [a, b] = source({ lines: [{ sku: 'A', quantity: 300 }, { sku: 'B', quantity: 60 }], supply: many, strategy: 'FEWEST_LOCATIONS' })
    expect(performance.now() - started).to.be.below(1_000)
    expect(sum([...a!.sourcing, ...b!.sourcing].map(({ quantity }) => quantity))).to.equal(360)
    expect(placesOf([a!, b!]).length).to.be.below(50)
  })

  it('never takes more than there is, and of each line all or nothing', () => {
    fc.assert(fc.property(request, (wanted) => {
      const sourced = source(wanted)
      for (const { sku, location, quantity } of wanted.supply) {
        const taken = sourced.flatMap(({ sourcing }) => sourcing).filter((part) => part.sku === sku && part.location === location)
        expect(sum(taken.map((part) => part.quantity))).to.be.at.most(quantity)
      }
      for (const { requested, availableToPromise, sourcing } of sourced) {
        expect(sum(sourcing.map(({ quantity }) => quantity))).to.equal(requested <= availableToPromise ? requested : 0)
        expect(sourcing.every(({ quantity }) => quantity > 0)).to.equal(true)
      }
    }))
  })
  it('gives the same answer in whatever order the stock is told', () => {
    fc.assert(fc.property(request, fc.infiniteStream(fc.nat()), (wanted, ranks) => {
      const shuffled = wanted.supply.map((line) => ({ line, rank: ranks.next().value as number })).sort((a, b) => a.rank - b.rank).map(({ line }) => line)
      expect(source({ ...wanted, supply: shuffled })).to.deep.equal(source(wanted))
    }))
  })
  it('needs no fewer locations than any set that has enough', () => {
    fc.assert(fc.property(request, (wanted) => {
      const sourced = source({ ...wanted, strategy: 'FEWEST_LOCATIONS' })
      const served = sourced.filter(({ sourcing }) => sourcing.length > 0).map(({ sku, requested }) => ({ sku, quantity: requested }))
      const used = placesOf(sourced)
      for (let set = 0; set < 64; set++) {
        const within = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6'].filter((_, bit) => (set >> bit) % 2 === 1)
        const rest = source({ lines: served, supply: wanted.supply.filter(({ location }) => within.includes(location)), strategy: 'PRIORITY' })
        if (rest.every(({ sourcing }) => sourcing.length > 0)) expect(within.length).to.be.at.least(used.length)
      }
    }))
  })
})
