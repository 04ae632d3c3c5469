import { expect } from 'chai'
import fc from 'fast-check'
import type { DeliveryOutcome, Health } from '../../../src/application/webhooks/ports.ts'
import { backOff, judge, nameOf } from '../../../src/application/webhooks/retries.ts'
import { Random } from '../../faults/random.ts'

const WELL: Health = { failures: 0, failingSince: null, restsUntil: 0 }
const failed = (statusCode: number | null = 500, retryAfterMs?: number): DeliveryOutcome =>
  ({ statusCode, error: 'no', ...(retryAfterMs !== undefined && { retryAfterMs }) })

const jitters = () => fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const DAY = 86_400_000

describe('retries', () => {
  it('wait anything from nothing to a bound, which doubles up to an hour', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }), jitters(), (failures, jitter) => {
      const bound = Math.min(3_600_000, 5_000 * 2 ** (failures - 1))
      expect(backOff(failures, jitter)).to.be.at.least(0).and.below(bound)
    }))
    const longest = [1, 2, 3, 4, 10, 11, 99].map((failures) => Math.ceil(backOff(failures, 1 - Number.EPSILON) / 1_000))
    expect(longest).to.deep.equal([5, 10, 20, 40, 2_560, 3_600, 3_600])
  })

  it('go on while the endpoint has failed for less than three days, whatever comes between', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: DAY }), jitters()), { minLength: 1, maxLength: 50 }), (waits) => {
      let health = WELL
      let now = 1_000
      const began = now
      for (const [wait, jitter] of waits) {
        const verdict = judge({ health, outcome: failed(), now, random: jitter })
        expect(verdict.status).to.equal(now - began < 3 * DAY ? 'PENDING' : 'FAILED')
        expect(verdict.health).to.deep.include({ failures: health.failures + 1, failingSince: began })
        expect(verdict.health.restsUntil).to.be.at.least(now).and.below(now + 3_600_000)
        health = verdict.health
        now += wait
      }
    }))
  })

  it('end with a success, which makes the endpoint as good as new', () => {
    const health: Health = { failures: 40, failingSince: 1, restsUntil: 7 }
    expect(judge({ health, outcome: { statusCode: 204 }, now: 9 * DAY, random: 0.9 })).to.deep.equal({ status: 'DELIVERED', health: WELL })
  })

  it('leave the endpoint alone for as long as it asks, up to a day', () => {
    const wait = (retryAfterMs: number, random = 0) => judge({ health: WELL, outcome: failed(429, retryAfterMs), now: 1_000, random }).health.restsUntil - 1_000
    expect([wait(0), wait(30_000), wait(DAY), wait(365 * DAY)]).to.deep.equal([0, 30_000, DAY, DAY])
    expect(wait(1_000, 0.9)).to.equal(4_500)
  })

  it('are none where the endpoint is gone', () => {
    expect(judge({ health: WELL, outcome: failed(410, 5_000), now: 7, random: 0.5 })).to.deep.equal({ status: 'GONE', health: { failures: 1, failingSince: 7, restsUntil: 0 } })
  })

  it('are some hundred before an endpoint is given up', () => {
    fc.assert(fc.property(fc.integer({ min: 1 }), (seed) => {
      const random = new Random(seed)
      const jitter = () => random.next()
      let verdict = judge({ health: WELL, outcome: failed(), now: 0, random: jitter() })
      while (verdict.status === 'PENDING') verdict = judge({ health: verdict.health, outcome: failed(), now: verdict.health.restsUntil, random: jitter() })
      expect(verdict.health.failures).to.be.above(90).and.below(260)
    }), { numRuns: 30 })
  })

  it('name what came of an attempt in one of four words', () => {
    expect([{ statusCode: 204 }, failed(500), failed(302), failed(410), failed(null)].map(nameOf)).to.deep.equal(['delivered', 'refused', 'refused', 'gone', 'unanswered'])
  })
})
