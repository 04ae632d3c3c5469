import { expect } from 'chai'
import { spawnSync } from 'node:child_process'

/** The line that the statement logs, as it leaves the process. */
function logged(statement: string): Readonly<Record<string, unknown>> {
  const program = `import { openLogger } from './src/infrastructure/telemetry/logger.ts'; const logger = openLogger({ level: 'info', fd: 2 }); ${statement}`
  const { stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], { encoding: 'utf8' })
  return JSON.parse(stderr) as Readonly<Record<string, unknown>>
}

describe('the logger', () => {
  it('leaves out what stands under the name of a secret', () => {
    const line = logged("logger.info({ token: 'abc', request: { headers: { authorization: 'Bearer abc' } }, sku: 'TEA' }, 'Said')")
    expect(line).to.deep.include({ token: '[redacted]', request: { headers: { authorization: '[redacted]' } }, sku: 'TEA', msg: 'Said' })
  })

  it('tells what an error was and what caused it, and nothing else that hangs on it', () => {
    const line = logged(`
      const cause = Object.assign(new RangeError('no room'), { code: 'ENOSPC', request: { body: 'abc' } })
      logger.error({ err: Object.assign(new Error('not written', { cause }), { source: 'abc' }) }, 'Failed')`)
    const { err } = line as { err: { stack: string; cause: { stack: string } } }
    expect(err).to.deep.equal({
      type: 'Error', message: 'not written', stack: err.stack,
      cause: { type: 'RangeError', message: 'no room', code: 'ENOSPC', stack: err.cause.stack },
    })
    expect(line.level).to.equal('error')
  })
})
