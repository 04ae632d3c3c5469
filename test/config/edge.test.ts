import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIMIT_SETTINGS, readEdge } from '../../src/config/edge.ts'
import { ConfigError } from '../../src/config/error.ts'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'

describe('settings of the edge', () => {
  it('run with nothing set', () => {
    expect(readEdge({})).to.deep.equal({ limits: DEFAULT_LIMITS, introspection: true, explorer: true, corsOrigins: [], trustedDocuments: undefined })
  })

  it('show less in production, unless told', () => {
    expect(readEdge({ NODE_ENV: 'production' })).to.include({ introspection: false, explorer: false })
    expect(readEdge({ NODE_ENV: 'production', INTROSPECTION: 'on', EXPLORER: 'on' })).to.include({ introspection: true, explorer: true })
    expect(readEdge({ INTROSPECTION: 'off', EXPLORER: 'off' })).to.include({ introspection: false, explorer: false })
  })

  it('take origins with commas between them', () => {
    expect(readEdge({ CORS_ORIGINS: 'https://shop.example, http://localhost:5173' }).corsOrigins).to.deep.equal(['https://shop.example', 'http://localhost:5173'])
    expect(readEdge({ CORS_ORIGINS: '*' }).corsOrigins).to.deep.equal(['*'])
  })

  for (const [name, byDefault] of LIMIT_SETTINGS) {
    it(`let ${name} be set, and stop at what is no number of its range`, () => {
      const more = byDefault + 1
      expect(JSON.stringify(readEdge({ REQUEST_MS_MAX: '70000', [name]: String(more) }).limits)).to.include(`:${more}`)
      for (const wrong of ['', '0', '-1', '1.5', '1e3', 'many', '10000000000']) {
        expect(() => readEdge({ [name]: wrong }), wrong).to.throw(ConfigError, `${name}=${byDefault}`)
      }
    })
  }

  for (const [name, value, hint] of [
    ['INTROSPECTION', 'true', 'INTROSPECTION=on'],
    ['EXPLORER', '', 'EXPLORER=on'],
    ['CORS_ORIGINS', 'shop.example', 'https://shop.example'],
    ['CORS_ORIGINS', 'https://shop.example/', 'https://shop.example'],
    ['CORS_ORIGINS', 'https://shop.example,null', 'https://shop.example'],
    ['HEADERS_MS_MAX', '60001', 'write 60000 or less'],
  ] as const) {
    it(`stop at ${name}=${value} and say what to write instead`, () => {
      expect(() => readEdge({ [name]: value })).to.throw(ConfigError, hint)
    })
  }

  it('stand in docs/limits.md, each with its default', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8')
    const listed = [...text.matchAll(/^\| `([A-Z_]+)` \| `(\d+)` \|/gm)].map(([, name, byDefault]) => [name, Number(byDefault)])
    expect(listed).to.have.deep.members([...LIMIT_SETTINGS])
  })
})
