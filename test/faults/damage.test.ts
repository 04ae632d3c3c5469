import { expect } from 'chai'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventStore } from '../../src/application/ports.ts'
import { DamagedLog } from '../../src/infrastructure/event-log/errors.ts'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { logFolder } from '../../src/infrastructure/event-log/segment.ts'
import { everything, MemoryLogger } from '../infrastructure/event-log/fixture.ts'
import { History, outcome, requireHistory } from './history.ts'
import { Random } from './random.ts'
import { SimulatedDisk } from './simulated-disk.ts'

const BLOCK_BYTES = 512

const zeroed = (bytes: Buffer, from: number): Buffer => Buffer.from(bytes).fill(0, from, Math.min(from + BLOCK_BYTES, bytes.length))

describe('a damaged event log', () => {
  let directory: string
  let history: History
  /** Of three segments. */
  let segments: [string, Buffer][]

  const open = (logger = new MemoryLogger()): Promise<EventStore> =>
    openEventLog({ directory, clock: { now: () => 0 }, logger, segmentBytesMax: 2_500 })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'damage-'))
    history = new History(new Random(3))
    const log = await open()
    while ((await readdir(logFolder(directory))).length < 3) await log.append(history.next())
    for (let n = 0; n < 3; n++) await log.append(history.next())
    await log.close()
    const paths = (await readdir(logFolder(directory))).sort().map((name) => join(logFolder(directory), name))
    segments = await Promise.all(paths.map(async (path) => [path, await readFile(path)] as [string, Buffer]))
  })
  after(async () => { await rm(directory, { recursive: true }) })

  const disk = (n: number, bytes: Buffer): SimulatedDisk =>
    SimulatedDisk.holding(segments.map(([path, whole], at) => [path, at === n ? bytes : whole]))

  /** Tries one damage on the log alone: what it finds, without an index that knows better. */
  const found = (n: number, bytes: Buffer): Promise<string[] | DamagedLog> => outcome(disk(n, bytes), directory)

  function requireRefusal(result: string[] | DamagedLog, n: number, byte: number, how: string): void {
    if (!(result instanceof DamagedLog)) throw new Error(`${how}, and it opened with ${result.length} events`)
    expect(result.file, how).to.equal(segments[n]![0])
    expect(result.byte, how).to.be.at.most(byte)
  }

  it('is refused by file and byte wherever a byte is flipped', async () => {
    for (const [n, [path, whole]] of segments.entries()) {
      for (let at = 0; at < whole.length; at++) {
        const bytes = Buffer.from(whole)
        bytes[at] = bytes[at]! ^ (1 << at % 8)
        requireRefusal(await found(n, bytes), n, at, `byte ${at} of ${path} was flipped`)
      }
    }
  })

  it('is refused or opens with the batches before, at whatever length it is cut', async () => {
    for (const [n, [path, whole]] of segments.entries()) {
      for (let length = 0; length < whole.length; length++) {
        const result = await found(n, whole.subarray(0, length))
        const how = `${path} was cut to ${length} bytes`
        if (!(result instanceof DamagedLog)) requireHistory(result, history, 0, how)
        // The one after a segment says how that one must end.
        else if (n === segments.length - 1) expect(length, how).to.be.lessThan(200)
        if (n < segments.length - 1) expect(result, how).to.be.instanceOf(DamagedLog)
      }
    }
  })

  it('is refused where a block is zeroed, or has lost its last batches where they end in it', async () => {
    for (const [n, [path, whole]] of segments.entries()) {
      for (let from = 0; from < whole.length; from += BLOCK_BYTES) {
        const how = `block ${from} of ${path} was zeroed`
        const result = await found(n, zeroed(whole, from))
        if (result instanceof DamagedLog) continue
        expect([n, from + 2 * BLOCK_BYTES >= whole.length], how).to.deep.equal([segments.length - 1, true])
        requireHistory(result, history, 0, how)
      }
    }
  })

  it('is refused where a record is doubled, left out or changes places with the next', async () => {
    for (const [n, [path, whole]] of segments.entries()) {
      const lines = whole.toString().split(/(?<=\n)/)
      const tried = async (kept: readonly string[], how: string): Promise<void> => {
        expect(await found(n, Buffer.from(kept.join(''))), `record ${how} of ${path}`).to.be.instanceOf(DamagedLog)
      }
      for (const [at, line] of lines.entries()) {
        await tried(lines.toSpliced(at, 0, line), `${at} doubled`)
        if (at < lines.length - 1) await tried(lines.toSpliced(at, 2, lines[at + 1]!, line), `${at} swapped`)
        if (at < lines.length - 1) await tried(lines.toSpliced(at, 1), `${at} left out`)
      }
    }
  })

  it('never opens with less than its index knows of, and is refused where a segment is gone', async () => {
    const [, last] = segments.at(-1)!
    const path = segments.at(-1)![0]
    const tries: [string, () => Promise<void>][] = [
      ...segments.map(([gone]): [string, () => Promise<void>] => [`${gone} is gone`, () => rm(gone)]),
      ...Array.from({ length: 20 }, (_, n): [string, () => Promise<void>] => {
        const length = Math.floor((last.length * n) / 20)
        return [`cut to ${length}`, () => writeFile(path, last.subarray(0, length))]
      }),
      ...Array.from({ length: Math.ceil(last.length / BLOCK_BYTES) }, (_, n): [string, () => Promise<void>] =>
        [`block ${n} zeroed`, () => writeFile(path, zeroed(last, n * BLOCK_BYTES))]),
    ]
    const index = await readFile(join(directory, 'index.sqlite'))
    for (const [how, harm] of tries) {
      await harm()
      const result = await open().then(async (log) => { await log.close(); return 'opened' }, (error: unknown) => error)
      expect(result, how).to.be.instanceOf(DamagedLog)
      for (const [segment, bytes] of segments) await writeFile(segment, bytes)
      await writeFile(join(directory, 'index.sqlite'), index)
    }
    const log = await open()
    expect((await everything(log)).map(({ id }) => id), 'undamaged').to.deep.equal(history.ids)
    await log.close()
  })

  it('is never read wrongly while a server runs: the event is refused by file and byte', async () => {
    const log = await open()
    const [path, whole] = segments[0]!
    try {
      for (let at = whole.indexOf('\n') + 1; at < whole.length; at += 7) {
        await writeFile(path, Buffer.from(whole).fill(whole[at]! ^ 0x20, at, at + 1))
        const result = await everything(log).catch((error: unknown) => error)
        if (result instanceof DamagedLog) expect(result.file).to.equal(path)
        else expect((result as { id: string }[]).map(({ id }) => id), `byte ${at}`).to.deep.equal(history.ids)
      }
    } finally {
      await writeFile(path, whole)
      await log.close()
    }
  })

  it('builds a damaged index anew, with a log line', async () => {
    const index = join(directory, 'index.sqlite')
    const whole = await readFile(index)
    const random = new Random(5)
    for (let times = 0; times < 20; times++) {
      const at = random.below(whole.length)
      const logger = new MemoryLogger()
      await writeFile(index, Buffer.from(whole).fill(random.below(256), at, Math.min(at + 4_096, whole.length)))
      const log = await open(logger)
      const events = await Promise.all(history.ids.map((id) => log.event(id)))
      await log.close()
      expect(events.map((event) => event?.id), `damaged at ${at}`).to.deep.equal(history.ids)
    }
  })
})
