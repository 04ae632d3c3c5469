import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs/promises.md'), 'utf8')

/** The server's word. Who takes one back takes it back here, too. */
const PROMISES = ['durable', 'atomic', 'never oversold', 'at most once', 'read your writes', 'subscriptions', 'verifiable', 'degradable', 'not overrun', 'webhooks']

const rows = text.split('\n## ')[0]!.split('\n').filter((line) => line.startsWith('| ')).slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, promise = '']) => !/^-+$/.test(promise))

describe('the promises', () => {
  it('are all in docs/promises.md', () => {
    expect(rows.map(([, promise]) => promise)).to.deep.equal(PROMISES)
  })

  it('are each held by tests that there are', () => {
    for (const [, promise, , tests = ''] of rows) {
      const paths = [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
      expect(paths, promise).to.have.length.greaterThan(1)
      for (const path of paths) expect(existsSync(join(root, path)), path).to.equal(true)
    }
  })

  it('name only files and scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: object }
    for (const [path] of text.matchAll(/\b(?:test|src|docs)\/[\w./-]+\w/g)) expect(existsSync(join(root, path)), path).to.equal(true)
    for (const [, name = ''] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts, name).to.have.property(name)
  })
})
