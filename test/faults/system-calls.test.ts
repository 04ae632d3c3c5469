import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canInject, failingCalls, FAILING_CALLS } from './system-calls.ts'

describe('system calls that fail (strace has to be installed)', () => {
  before(function () {
    if (!canInject()) this.skip()
  })

  for (const failing of FAILING_CALLS) {
    it(`${failing.join(' of the log with ')}, again and again: all is answered in the end, once`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'system-calls-'))
      try {
        expect((await failingCalls(directory, failing, 1, 30)).violations).to.deep.equal([])
      } finally {
        await rm(directory, { recursive: true })
      }
    })
  }
})
