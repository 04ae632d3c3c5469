import { expect } from 'chai'
import { auditServer, type AuditResult } from 'graphql-http'
import { openTestServer, type TestServer } from './test-server.ts'

/** What the specification asks for, by how strictly it does. */
const WANTED = { MUST: 13, SHOULD: 23 }

describe('the audit of GraphQL over HTTP, with all limits on', () => {
  let server: TestServer
  let results: readonly AuditResult[]

  before(async () => {
    server = await openTestServer()
    results = await auditServer({ url: `${server.url}/graphql` })
  })

  after(() => server.close())

  for (const [level, count] of Object.entries(WANTED)) {
    it(`finds all ${count} of ${level} as they ${level.toLowerCase()} be`, () => {
      const asked = results.filter(({ name }) => name.startsWith(`${level} `))
      expect(asked.filter(({ status }) => status !== 'ok').map((result) => `${result.name}: ${'reason' in result ? result.reason : ''}`)).to.deep.equal([])
      expect(asked).to.have.length(count)
    })
  }

  it('finds nothing wrong in what a server may do', () => {
    expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).to.deep.equal([])
  })
})
