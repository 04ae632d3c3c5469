import { expect } from 'chai'
import { EVENT_SCHEMAS } from '../../src/domain/events.ts'
import { en } from '../../web/src/i18n/en.ts'
import { es } from '../../web/src/i18n/es.ts'
import { ptBr } from '../../web/src/i18n/pt-br.ts'

describe('the words of the dashboard', () => {
  for (const [language, words] of Object.entries({ en, es, ptBr })) {
    it(`name every event: ${language}`, () => { expect(words.events).to.have.all.keys(Object.keys(EVENT_SCHEMAS)) })
    it(`name the same reasons: ${language}`, () => { expect(words.reasons).to.have.all.keys(Object.keys(en.reasons)) })
    it(`name each page anew: ${language}`, () => { expect(new Set(Object.values(words.nav)).size).to.equal(Object.keys(words.nav).length) })
  }
})
