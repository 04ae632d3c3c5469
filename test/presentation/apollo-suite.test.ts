import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** What is used of what Jest tells as JSON. */
interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly [{ readonly message: string; readonly assertionResults: readonly Assertion[] }]
}
interface Assertion { readonly status: 'passed' | 'failed' | 'pending'; readonly fullName: string; readonly failureMessages: readonly string[] }

const root = join(import.meta.dirname, '../..')
const TESTS = 246
/** They defer parts of answers, which GraphQL.js does from version 17 on. */
const OF_GRAPHQL_17 = /tests that require graphql@17|includes all fields with defer/

/** Written for Jest, so Jest runs it: see docs/adr/0007. */
describe('the suite that Apollo Server has for what puts it on HTTP', () => {
  let report: Report
  let assertions: readonly Assertion[]

  before(async () => {
    report = await runJest()
    assertions = report.testResults[0].assertionResults
  })

  it('finds nothing wrong', () => {
    const failed = assertions.filter(({ status }) => status === 'failed')
    expect(failed.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`).join('\n\n')).to.equal('')
    expect(report.numPassedTests, report.testResults[0].message).to.equal(TESTS)
  })

  it('leaves out of itself only what another GraphQL.js could do', () => {
    const pending = assertions.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName)
    expect(pending.filter((name) => !OF_GRAPHQL_17.test(name))).to.deep.equal([])
  })
})

function runJest(): Promise<Report> {
  const modules = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const settings = ['--config', 'test/presentation/apollo-suite/jest.config.json', '--json', '--silent']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...modules, ...settings], { cwd: root, maxBuffer: 64 * 1_048_576 }, (error, stdout, stderr) => {
      // Failed tests end it with a code, too; then there is a report all the same.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as Report)
      else reject(new Error(`Jest has no report: ${stderr}`, { cause: error }))
    })
  })
}
