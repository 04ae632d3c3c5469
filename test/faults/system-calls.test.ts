import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { segmentPath } from '../../src/infrastructure/event-log/segment.ts'
import { Campaign } from './campaign.ts'

describe('system calls that fail', () => {
  before(function () {
    if (spawnSync('strace', ['-V']).error) this.skip()
  })

  for (const [call, error] of [['fdatasync', 'EIO'], ['fdatasync', 'ENOSPC'], ['pwrite64', 'EIO'], ['pwrite64', 'ENOSPC']] as const) {
    it(`${call} of the log with ${error}, again and again: all is answered in the end, once`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'system-calls-'))
      try {
        const campaign = new Campaign(directory)
        const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', segmentPath(directory, 1), '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=5..60+5`]
        expect(await campaign.run({ seed: 1, operations: 30, segmentBytesMax: 1_000_000, under }), 'exit code').to.equal(0)
        expect(campaign.unanswered, 'unanswered').to.deep.equal([])
        expect(await campaign.violations()).to.deep.equal([])
      } finally {
        await rm(directory, { recursive: true })
      }
    })
  }
})
