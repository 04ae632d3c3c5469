import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { anchorsOf, blocksOf } from './markdown.ts'

/** What is not the project's own text, or made by running it. */
const ELSEWHERE = new Set(['node_modules', 'dist', 'coverage', 'log'])

const documents = (folder: string): readonly string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name)
  if (entry.isDirectory()) return ELSEWHERE.has(entry.name) || entry.name.startsWith('.') ? [] : documents(path)
  return entry.name.endsWith('.md') ? [path] : []
})
const read = (path: string): string => readFileSync(path, 'utf8')
const isElsewhere = (link: string): boolean => /^[a-z][a-z+.-]*:/.test(link)
const INDEX = 'docs/README.md'

describe('links between documents', () => {
  const all = documents('.')
  it('are looked at', () => { expect(all.length).to.be.above(8) })

  for (const path of all) {
    it(`lead somewhere: ${path}`, () => {
      const broken = blocksOf(read(path)).links.filter((link) => !isElsewhere(link)).filter((link) => {
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? path : join(dirname(path), decodeURIComponent(file))
        if (!existsSync(target)) return true
        return anchor !== undefined && target.endsWith('.md') && !anchorsOf(read(target)).has(decodeURIComponent(anchor))
      })
      expect(broken).to.deep.equal([])
    })
  }

  it('lead from the index to every document', () => {
    const named = new Set(blocksOf(read(INDEX)).links.filter((link) => !isElsewhere(link)).map((link) => join(dirname(INDEX), link.split('#')[0] ?? '')))
    expect(all.filter((path) => path !== INDEX && !named.has(relative('.', path)))).to.deep.equal([])
  })
})
