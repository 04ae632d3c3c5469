import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Unavailable } from '../../../src/application/ports.ts'
import { StoreLocked } from '../../../src/infrastructure/event-log/errors.ts'
import { diskFiles, type Files, type LogFile } from '../../../src/infrastructure/event-log/files.ts'
import { verifyLog } from '../../../src/infrastructure/event-log/verify.ts'
import type { Append, EventStore, RecordedEvent } from '../../../src/application/ports.ts'
import { Workbench, everything, rejection, stocked, to } from './fixture.ts'

/** The disk, but for what it is told to fail. */
class FailingFiles implements Files {
  failing: 'write' | 'fdatasync' | 'rename' | undefined
  rename: Files['rename'] = (from, target) => (this.failing === 'rename' ? this.failure() : diskFiles.rename(from, target))
  list: Files['list'] = (directory) => diskFiles.list(directory)
  createDirectory: Files['createDirectory'] = (directory) => diskFiles.createDirectory(directory)
  syncDirectory: Files['syncDirectory'] = (directory) => diskFiles.syncDirectory(directory)

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<LogFile> {
    const file = await diskFiles.open(path, mode)
    return {
      read: (offset, length) => file.read(offset, length),
      size: () => file.size(),
      write: async (offset, bytes) => {
        const isFailing = this.failing === 'write'
        await file.write(offset, isFailing ? bytes.subarray(0, bytes.length / 2) : bytes)
        if (isFailing) await this.failure()
      },
      truncate: (length) => file.truncate(length),
      fdatasync: () => (this.failing === 'fdatasync' ? this.failure() : file.fdatasync()),
      close: () => file.close(),
    }
  }

  private failure(): Promise<never> { return Promise.reject(new Error(`EIO: ${this.failing ?? ''}`)) }
}

async function untilTaken(log: EventStore, append: Append): Promise<readonly RecordedEvent[]> {
  for (;;) {
    try {
      return await log.append(append)
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      await new Promise(setImmediate)
    }
  }
}

describe('event log on a failing disk', () => {
  let bench: Workbench
  beforeEach(async () => { bench = await Workbench.create() })
  afterEach(async () => { await bench.remove() })

  for (const failing of ['write', 'fdatasync', 'rename'] as const) {
    it(`takes nothing after a failed ${failing} until it is recovered, and loses nothing that was durable`, async () => {
      const files = new FailingFiles()
      const log = await bench.open({ files, segmentBytesMax: failing === 'rename' ? 1 : 1_000_000 })
      const told: number[] = []
      log.onCommit((events) => { told.push(...events.map(({ position }) => position)) })
      await log.append(to('stock:A@B', 0, stocked(1)))
      files.failing = failing
      const failed = to('stock:A@B', 1, stocked(2))
      const results = await Promise.allSettled([log.append(failed), log.append(to('stock:A@B', 2, stocked(3)))])
      for (const result of results) expect(result.status === 'rejected' && result.reason, 'on its way').to.be.instanceOf(Unavailable)
      expect(await rejection(log.append(to('stock:A@B', 1, stocked(4)))), 'while the disk fails').to.be.instanceOf(Unavailable)
      expect(log.head(), 'head').to.equal(1)
      expect(await everything(log), 'reads go on').to.have.length(1)
      files.failing = undefined
      const [event] = await untilTaken(log, failed)
      expect(event, 'the retry').to.include({ position: 2, version: 2 })
      expect(told, 'listeners').to.deep.equal([1, 2])
      const events = await everything(log)
      await log.close()
      expect((await verifyLog(bench.directory)).position, 'verify').to.equal(2)
      expect(await everything(await bench.open()), 'reopened').to.deep.equal(events)
    })
  }
})

describe('the lock of a store', () => {
  let bench: Workbench
  beforeEach(async () => { bench = await Workbench.create() })
  afterEach(async () => { await bench.remove() })

  it('refuses a second opening and is free after closing', async () => {
    const log = await bench.open()
    const error = await rejection(bench.open())
    expect(error).to.be.instanceOf(StoreLocked)
    expect(error.message).to.include(bench.directory)
    await log.close()
    await (await bench.open()).close()
  })

  it('refuses what another process holds and is free when that one is killed', async () => {
    const module = new URL('../../../src/infrastructure/event-log/lock.ts', import.meta.url).href
    const script = `const { lockStore } = await import(${JSON.stringify(module)}); lockStore(${JSON.stringify(bench.directory)}); console.log('locked'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    try {
      await once(child.stdout, 'data')
      expect(await rejection(bench.open())).to.be.instanceOf(StoreLocked)
    } finally {
      child.kill('SIGKILL')
      await exited
    }
    expect((await bench.open()).head(), 'after kill -9').to.equal(0)
  })
})
