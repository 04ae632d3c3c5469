import { expect } from 'chai'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DamagedLog } from '../../src/infrastructure/event-log/errors.ts'
import { type EmbeddedEventStore, openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { logFolder } from '../../src/infrastructure/event-log/segment.ts'
import { everything, MemoryLogger } from '../infrastructure/event-log/fixture.ts'
import { History, outcome, requireHistory } from './history.ts'
import { Random } from './random.ts'
import { SimulatedDisk } from './simulated-disk.ts'

const BLOCK_BYTES = 512
const SEGMENTS = 3
/** A last segment that is cut within its first lines has no batch left, and is refused. */
const FIRST_BATCH_BYTES = 200
const INDEX_DAMAGES = 20
const WHILE_RUNNING_STEP = 7

const zeroed = (bytes: Buffer, from: number): Buffer => Buffer.from(bytes).fill(0, from, Math.min(from + BLOCK_BYTES, bytes.length))

/**
 * A small log of several segments, and every way to damage it. Each method tries one kind everywhere, and returns how
 * many damaged logs were refused by file and byte; it throws where one was not, and gave another history.
 */
export class DamageBench {
  private constructor(
    private readonly directory: string,
    private readonly history: History,
    private readonly segments: readonly [path: string, bytes: Buffer][],
    private readonly seed: number,
  ) {}

  static async make(seed: number): Promise<DamageBench> {
    const directory = await mkdtemp(join(tmpdir(), 'damage-'))
    const history = new History(new Random(seed))
    const log = await open(directory)
    while ((await readdir(logFolder(directory))).length < SEGMENTS) await log.append(history.next())
    for (let n = 0; n < 3; n++) await log.append(history.next())
    await log.close()
    const paths = (await readdir(logFolder(directory))).sort().map((name) => join(logFolder(directory), name))
    return new DamageBench(directory, history, await Promise.all(paths.map(async (path) => [path, await readFile(path)] as [string, Buffer])), seed)
  }

  remove(): Promise<void> { return rm(this.directory, { recursive: true }) }

  async flipEveryByte(): Promise<number> {
    let refused = 0
    for (const [n, [path, whole]] of this.segments.entries()) {
      for (let at = 0; at < whole.length; at++) {
        const bytes = Buffer.from(whole)
        bytes[at] = bytes[at]! ^ (1 << at % 8)
        const how = `byte ${at} of ${path} was flipped`
        const result = await this.found(n, bytes)
        if (!(result instanceof DamagedLog)) throw new Error(`${how}, and it opened with ${result.length} events`)
        expect(result.file, how).to.equal(path)
        expect(result.byte, how).to.be.at.most(at)
        refused += 1
      }
    }
    return refused
  }

  async cutEveryLength(): Promise<number> {
    let refused = 0
    for (const [n, [path, whole]] of this.segments.entries()) {
      const isLast = n === this.segments.length - 1
      for (let length = 0; length < whole.length; length++) {
        const result = await this.found(n, whole.subarray(0, length))
        const how = `${path} was cut to ${length} bytes`
        if (result instanceof DamagedLog) refused += 1
        else requireHistory(result, this.history, 0, how)
        // The one after a segment says how that one must end.
        if (!isLast) expect(result, how).to.be.instanceOf(DamagedLog)
        else if (result instanceof DamagedLog) expect(length, how).to.be.lessThan(FIRST_BATCH_BYTES)
      }
    }
    return refused
  }

  /** Where the last batches end in the block, they may be lost with it. */
  async zeroEveryBlock(): Promise<number> {
    let refused = 0
    for (const [n, [path, whole]] of this.segments.entries()) {
      for (let from = 0; from < whole.length; from += BLOCK_BYTES) {
        const how = `block ${from} of ${path} was zeroed`
        const result = await this.found(n, zeroed(whole, from))
        if (result instanceof DamagedLog) {
          refused += 1
          continue
        }
        expect([n, from + 2 * BLOCK_BYTES >= whole.length], how).to.deep.equal([this.segments.length - 1, true])
        requireHistory(result, this.history, 0, how)
      }
    }
    return refused
  }

  /** Each doubled, left out, and in the place of the next. */
  async disorderRecords(): Promise<number> {
    let refused = 0
    for (const [n, [path, whole]] of this.segments.entries()) {
      const lines = whole.toString().split(/(?<=\n)/)
      const tried = async (kept: readonly string[], how: string): Promise<void> => {
        expect(await this.found(n, Buffer.from(kept.join(''))), `record ${how} of ${path}`).to.be.instanceOf(DamagedLog)
        refused += 1
      }
      for (const [at, line] of lines.entries()) {
        await tried(lines.toSpliced(at, 0, line), `${at} doubled`)
        if (at < lines.length - 1) await tried(lines.toSpliced(at, 2, lines[at + 1]!, line), `${at} swapped`)
        if (at < lines.length - 1) await tried(lines.toSpliced(at, 1), `${at} left out`)
      }
    }
    return refused
  }

  /** With an index that knows how far the log was: a segment gone, and less in the last one. */
  async takeAway(): Promise<number> {
    const [path, last] = this.segments.at(-1)!
    const tries: [string, () => Promise<void>][] = [
      ...this.segments.map(([gone]): [string, () => Promise<void>] => [`${gone} is gone`, () => rm(gone)]),
      ...Array.from({ length: 20 }, (_, n): [string, () => Promise<void>] => {
        const length = Math.floor((last.length * n) / 20)
        return [`cut to ${length}`, () => writeFile(path, last.subarray(0, length))]
      }),
      ...Array.from({ length: Math.ceil(last.length / BLOCK_BYTES) }, (_, n): [string, () => Promise<void>] =>
        [`block ${n} zeroed`, () => writeFile(path, zeroed(last, n * BLOCK_BYTES))]),
    ]
    const index = await readFile(join(this.directory, 'index.sqlite'))
    for (const [how, harm] of tries) {
      await harm()
      const result = await open(this.directory).then(async (log) => { await log.close(); return 'opened' }, (error: unknown) => error)
      expect(result, how).to.be.instanceOf(DamagedLog)
      for (const [segment, bytes] of this.segments) await writeFile(segment, bytes)
      await writeFile(join(this.directory, 'index.sqlite'), index)
    }
    await this.requireWhole()
    return tries.length
  }

  /** What was read once, or stands elsewhere, is right; a byte that is wrong is refused. */
  async damageWhileRunning(): Promise<number> {
    const log = await open(this.directory)
    const [path, whole] = this.segments[0]!
    let refused = 0
    try {
      for (let at = whole.indexOf('\n') + 1; at < whole.length; at += WHILE_RUNNING_STEP) {
        await writeFile(path, Buffer.from(whole).fill(whole[at]! ^ 0x20, at, at + 1))
        const result = await everything(log).catch((error: unknown) => error)
        if (result instanceof DamagedLog) {
          expect(result.file).to.equal(path)
          refused += 1
        } else {
          expect((result as { id: string }[]).map(({ id }) => id), `byte ${at}`).to.deep.equal(this.history.ids)
        }
      }
    } finally {
      await writeFile(path, whole)
      await log.close()
    }
    return refused
  }

  /** Blocks of the index are overwritten: it is made anew. Returns in how many cases a log line said so. */
  async damageIndex(): Promise<number> {
    const index = join(this.directory, 'index.sqlite')
    const whole = await readFile(index)
    const random = new Random(this.seed)
    let told = 0
    for (let times = 0; times < INDEX_DAMAGES; times++) {
      const at = random.below(whole.length)
      const logger = new MemoryLogger()
      await writeFile(index, Buffer.from(whole).fill(random.below(256), at, Math.min(at + 4_096, whole.length)))
      const log = await open(this.directory, logger)
      const events = await Promise.all(this.history.ids.map((id) => log.event(id)))
      await log.close()
      expect(events.map((event) => event?.id), `damaged at ${at}`).to.deep.equal(this.history.ids)
      if (logger.lines.some((line) => line.includes('The index of the log can not be used'))) told += 1
    }
    return told
  }

  /** What the log alone gives with these bytes in a segment's place, without an index that knows better. */
  private found(n: number, bytes: Buffer): Promise<string[] | DamagedLog> {
    return outcome(SimulatedDisk.holding(this.segments.map(([path, whole], at) => [path, at === n ? bytes : whole])), this.directory)
  }

  private async requireWhole(): Promise<void> {
    const log = await open(this.directory)
    expect((await everything(log)).map(({ id }) => id), 'undamaged').to.deep.equal(this.history.ids)
    await log.close()
  }
}

const open = (directory: string, logger = new MemoryLogger()): Promise<EmbeddedEventStore> =>
  openEventLog({ directory, clock: { now: () => 0 }, logger, segmentBytesMax: 2_500 })
