import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const scripts = (JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }).scripts

/** Paths as they stand in text and code: from a folder of the top level on, or a file of it. */
const PATH = /(?<![\w./-])(?:(?:src|test|schema|docs|bench|web|store|samples)\/[\w./-]*[\w/]|[A-Z]+\.md|package\.json)(?![\w-])/g
const pathsIn = (text: string): readonly string[] => [...new Set(text.match(PATH))]

/** What a page says to run, by `npm run NAME` or one of npm's own names. */
const scriptsIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/npm (?:run )?((?<=run )[\w:]+|start|test)/g)].map(([, name = '']) => name))]

describe('the documents', () => {
  for (const file of ['ARCHITECTURE.md', 'CONTRIBUTING.md']) {
    it(`${file} names paths that there are`, () => {
      const paths = pathsIn(read(file))
      expect(paths, 'it names hardly any path').to.have.length.greaterThan(4)
      expect(paths.filter((path) => !existsSync(join(root, path)))).to.deep.equal([])
    })
  }

  for (const file of ['README.md', 'CONTRIBUTING.md', 'bench/main.ts']) {
    it(`${file} names scripts that there are`, () => {
      const names = scriptsIn(read(file))
      expect(names).to.have.length.greaterThan(0)
      expect(names.filter((name) => scripts[name] === undefined)).to.deep.equal([])
    })
  }

  it('every folder that a script of tests names is there', () => {
    const named = ['test:unit', 'test:integration', 'test:e2e'].flatMap((name) => scripts[name]?.match(/test\/(?:\{[\w,]+\}|\w+)/g) ?? [])
    const folders = named.flatMap((path) => path.slice('test/'.length).replace(/[{}]/g, '').split(','))
    expect(folders).to.have.length.greaterThan(6)
    expect(folders.filter((folder) => !existsSync(join(root, 'test', folder)))).to.deep.equal([])
  })

  it('the hosted run does what .ci/run does, which is the test command of the README', () => {
    const { jobs } = parse(read('.github/workflows/test.yml')) as { jobs: Record<string, { steps: { run?: string }[] }> }
    expect(Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))).to.include('bash .ci/run')
    expect(read('.ci/run')).to.include('npm ci && npm test')
    expect(read('README.md')).to.include('npm ci && npm test')
  })
})
