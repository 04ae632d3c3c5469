import { expect } from 'chai'
import { localTimeOf, momentOf } from '../../web/src/level/local-time.ts'

describe('the time at a place', () => {
  const at = (text: string, zone: string): string => new Date(momentOf(text, zone) ?? NaN).toISOString()

  it('is what clocks show there', () => {
    expect(localTimeOf(Date.parse('2026-07-01T12:00:00Z'), 'Europe/Lisbon')).to.equal('2026-07-01T13:00:00')
    expect(at('2026-07-01T13:00', 'Europe/Lisbon')).to.equal('2026-07-01T12:00:00.000Z')
    expect(at('2026-07-01T09:00', 'America/Sao_Paulo')).to.equal('2026-07-01T12:00:00.000Z')
  })

  it('is the first of two where the clocks go back, and after the gap where they go forward', () => {
    expect(at('2026-10-25T01:30:00', 'Europe/Lisbon')).to.equal('2026-10-25T00:30:00.000Z')
    expect(at('2026-03-29T01:30:00', 'Europe/Lisbon')).to.equal('2026-03-29T01:30:00.000Z')
  })

  it('is undefined for what is no time', () => { expect(momentOf('soon', 'Europe/Lisbon')).to.equal(undefined) })

  it('comes back as it went, around the year', () => {
    for (const zone of ['Europe/Lisbon', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
      for (let day = 0; day < 365; day += 1) {
        const moment = Date.UTC(2026, 0, 1, 12) + day * 86_400_000
        expect(momentOf(localTimeOf(moment, zone), zone)).to.equal(moment)
      }
    }
  })
})
