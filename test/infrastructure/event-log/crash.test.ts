import { expect } from 'chai'
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DamagedLog } from '../../../src/infrastructure/event-log/errors.ts'
import { diskFiles } from '../../../src/infrastructure/event-log/files.ts'
import { recover } from '../../../src/infrastructure/event-log/recovery.ts'
import { verifyLog } from '../../../src/infrastructure/event-log/verify.ts'
import { Workbench, everything, rejection, stocked, to } from './fixture.ts'

/** The position that the log is brought to, or the refusal. */
async function outcome(bench: Workbench): Promise<number | Error> {
  try {
    return (await recover(diskFiles, bench.directory, bench.logger)).end.position
  } catch (error) {
    return error as Error
  }
}

describe('event log after a crash', () => {
  let bench: Workbench
  let path: string
  let whole: Buffer
  /** Where the second batch starts. */
  let boundary: number

  beforeEach(async () => {
    bench = await Workbench.create()
    const log = await bench.open()
    await log.append(to('stock:A@B', 0, stocked(1)))
    path = (await bench.segments())[0]!
    boundary = (await readFile(path)).length
    await log.append(to('stock:A@B', 1, stocked(2), stocked(3)))
    await log.close()
    whole = await readFile(path)
  })
  afterEach(async () => { await bench.remove() })

  const restore = async (bytes: Buffer): Promise<void> => {
    await rm(`${path}.torn`, { force: true })
    await writeFile(path, bytes)
  }

  it('cuts a torn last batch at whatever byte it ends, and keeps it aside', async () => {
    for (let length = boundary; length < whole.length; length++) {
      await restore(whole.subarray(0, length))
      expect(await outcome(bench), `cut to ${length} bytes`).to.equal(1)
      expect((await readFile(path)).equals(whole.subarray(0, boundary)), `the segment, cut to ${length}`).to.equal(true)
      if (length === boundary) continue
      const torn = await readFile(`${path}.torn`)
      expect(torn.equals(whole.subarray(boundary, length)), `what is kept aside of ${length}`).to.equal(true)
    }
  })

  it('keeps a second torn tail beside the first', async () => {
    for (const length of [boundary + 1, boundary + 2]) {
      await writeFile(path, whole.subarray(0, length))
      await outcome(bench)
    }
    const torn = (await readdir(join(bench.directory, 'log'))).filter((name) => name.endsWith('.torn'))
    expect(torn).to.have.length(2)
    expect(bench.logger.lines.filter((line) => line.startsWith('warn') && line.includes('kept aside'))).to.have.length(2)
  })

  it('refuses a flipped byte by file and place', async () => {
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole)
      flipped[at] = flipped[at]! ^ 0x01
      await restore(flipped)
      const result = await outcome(bench)
      if (!(result instanceof DamagedLog)) throw new Error(`Byte ${at} was flipped, and it gave ${String(result)}.`)
      expect(result.message).to.include(path).and.include('stockstream verify')
      expect(result.byte, `the place named for byte ${at}`).to.be.at.most(at)
    }
  })

  it('goes on writing after a cut, and the log verifies', async () => {
    await truncate(path, whole.length - 1)
    await rm(join(bench.directory, 'index.sqlite'))
    const log = await bench.open()
    expect(await everything(log), 'the batch before the cut').to.have.length(1)
    await log.append(to('stock:A@B', 1, stocked(9)))
    await log.close()
    expect((await verifyLog(bench.directory)).events).to.equal(2)
  })

  it('refuses a log that ends before what its index has seen of it', async () => {
    await truncate(path, boundary)
    const error = await rejection(bench.open())
    expect(error).to.be.instanceOf(DamagedLog).and.include({ file: path, byte: boundary })
    expect(error.message).to.include('up to 3').and.include('delete index.sqlite')
    await rm(path)
    expect(await rejection(bench.open()), 'with its only segment gone').to.be.instanceOf(DamagedLog)
  })

  it('is refused by verify where an event stands that the chain does not know', async () => {
    const error = await rejection((async () => {
      await writeFile(path, Buffer.concat([whole.subarray(0, boundary), whole]))
      await verifyLog(bench.directory)
    })())
    expect(error).to.be.instanceOf(DamagedLog).and.include({ byte: boundary })
  })
})

describe('verifyLog', () => {
  it('finds the head, an older head and no other, over several segments', async () => {
    const bench = await Workbench.create()
    try {
      const log = await bench.open({ segmentBytesMax: 700 })
      const heads: string[] = []
      for (let version = 0; version < 8; version++) {
        await log.append(to('stock:A@B', version, stocked(version)))
        heads.push((await verifyLog(bench.directory)).head)
      }
      const seen: number[] = []
      for (const head of heads) {
        const verified = await verifyLog(bench.directory, { head, onProgress: (position) => seen.push(position) })
        expect(verified, head).to.deep.equal({ events: 8, head: heads.at(-1), position: 8, headFound: true })
      }
      expect(seen.slice(0, 8)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
      expect((await verifyLog(bench.directory, { head: 'f'.repeat(64) })).headFound, 'a head of another log').to.equal(false)
      const segments = await bench.segments()
      await rm(segments[1]!)
      expect(await rejection(verifyLog(bench.directory)), 'a segment is missing').to.be.instanceOf(DamagedLog)
    } finally {
      await bench.remove()
    }
  })
})
