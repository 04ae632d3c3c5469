import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { blocksOf, type Blocks } from './markdown.ts'

const NAMES = ['README.md', 'README.es.md', 'README.pt-BR.md'] as const
const blocks = (name: string): Blocks => blocksOf(readFileSync(name, 'utf8'))

/** Of a row, what is the same in every language: its first cell, and whatever is code. */
const untranslated = (row: readonly string[]): readonly string[] => [row[0] ?? '', ...row.slice(1).flatMap((cell) => cell.match(/`[^`]*`/g) ?? [])]

describe('the READMEs', () => {
  const english = blocks('README.md')
  it('have something to keep in step', () => {
    expect(english.headings.length).to.be.above(4)
    expect(english.code.length).to.be.above(3)
    expect(english.tables.length).to.be.above(0)
  })

  for (const name of NAMES.slice(1)) {
    describe(name, () => {
      const translated = blocks(name)
      it('has the same headings', () => { expect(translated.headings.map(({ level }) => level)).to.deep.equal(english.headings.map(({ level }) => level)) })
      it('has the same commands and code', () => { expect(translated.code).to.deep.equal(english.code) })
      it('has the same tables, row by row', () => {
        const shape = ({ tables }: Blocks) => tables.map(([head = [], ...rows]) => [head.length, ...rows.map(untranslated)])
        expect(shape(translated)).to.deep.equal(shape(english))
      })
      it('has the same links and pictures', () => {
        const links = ({ links: found }: Blocks) => found.filter((link) => !NAMES.some((readme) => link === readme)).toSorted()
        expect(links(translated)).to.deep.equal(links(english))
      })
      it('leads to those in the other languages', () => { expect(translated.links).to.include.members(NAMES.filter((other) => other !== name)) })
    })
  }
})
