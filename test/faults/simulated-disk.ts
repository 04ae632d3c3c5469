import { basename, dirname } from 'node:path'
import { diskFiles, type Files, type LogFile } from '../../src/infrastructure/event-log/files.ts'
import type { Random } from './random.ts'

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly length: number }
type NameChange = { readonly path: string; readonly file: Inode } | { readonly from: string; readonly to: string }
type Names = Map<string, Inode>

const SECTOR_BYTES = 512

/** What a call to the disk does before it fails; `dead` fails all that follow, too, until `revive`. */
export interface Fault { readonly call: number; readonly part?: number; readonly dead?: boolean; readonly code?: string }

class Inode {
  /** As programs see it. */
  bytes: Buffer
  /** Not yet on the disk. */
  changes: Change[] = []
  constructor(public durable: Buffer = Buffer.alloc(0)) { this.bytes = durable }
}

function changed(bytes: Buffer, change: Change): Buffer {
  if ('length' in change) return Buffer.concat([bytes.subarray(0, change.length)])
  const { offset, bytes: news } = change
  const whole = Buffer.alloc(Math.max(bytes.length, offset + news.length))
  bytes.copy(whole)
  news.copy(whole, offset)
  return whole
}

/**
 * A disk with a page cache over it, in memory. It knows what was synced and what was not, names of files too, and
 * gives every disk that a power cut may leave. A sync that fails takes the pages for written, as the kernel does.
 */
export class SimulatedDisk implements Files {
  /** Calls that change something. */
  calls = 0
  fault: Fault | undefined
  /** Bytes that still fit on it. */
  room = Infinity
  /** Runs after every call that changed something. */
  onChange: () => Promise<void> = () => Promise.resolve()
  private isDead = false
  private nameChanges: NameChange[] = []

  constructor(private names: Names = new Map<string, Inode>(), private durableNames: Names = new Map(names)) {}

  static holding(files: Iterable<readonly [string, Buffer]>): SimulatedDisk {
    return new SimulatedDisk(new Map([...files].map(([path, bytes]) => [path, new Inode(bytes)])))
  }

  revive(): void { this.isDead = false; this.fault = undefined }

  contents(): [string, Buffer][] { return [...this.names].map(([path, { bytes }]) => [path, bytes]) }

  open(path: string, mode: 'read' | 'write' | 'create'): Promise<LogFile> {
    return mode === 'create' ? this.change(() => this.create(path)) : Promise.resolve().then(() => this.handle(this.found(path)))
  }

  rename(from: string, to: string): Promise<void> {
    return this.change(() => {
      this.nameChanges.push({ from, to })
      applyName(this.names, { from, to })
    })
  }

  list(directory: string): Promise<readonly string[]> {
    return Promise.resolve([...this.names.keys()].filter((path) => dirname(path) === directory).map((path) => basename(path)))
  }

  /** The lock and the index stand beside the log, on the real disk. */
  createDirectory(directory: string): Promise<void> { return diskFiles.createDirectory(directory) }

  syncDirectory(): Promise<void> {
    return this.change(() => {
      this.durableNames = new Map(this.names)
      this.nameChanges = []
    })
  }

  /** The disks that a power cut at this moment may leave. */
  *afterPowerCut(random: Random): Generator<SimulatedDisk> {
    for (const names of this.possibleNames()) {
      for (const tear of this.tears(names, random)) {
        yield SimulatedDisk.holding([...names].map(([path, file]) => [path, tear(file)]))
      }
    }
  }

  /** What was synced, and nothing else. */
  onlyDurable(): SimulatedDisk { return SimulatedDisk.holding([...this.durableNames].map(([path, { durable }]) => [path, durable])) }

  private create(path: string): LogFile {
    const file = new Inode()
    this.nameChanges.push({ path, file })
    this.names.set(path, file)
    return this.handle(file)
  }

  private found(path: string): Inode {
    const file = this.names.get(path)
    if (!file) throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' })
    return file
  }

  private handle(file: Inode): LogFile {
    return {
      read: (offset, length) => Promise.resolve(file.bytes.subarray(offset, offset + length)),
      size: () => Promise.resolve(file.bytes.length),
      write: (offset, bytes) => this.change((part) => { this.write(file, offset, bytes, part) }),
      truncate: (length) => this.change(() => {
        this.room += file.bytes.length - length
        file.changes.push({ length })
        file.bytes = changed(file.bytes, { length })
      }),
      fdatasync: () => this.change(() => {
        file.durable = file.bytes
        file.changes = []
      }, () => { file.changes = [] }),
      close: () => Promise.resolve(),
    }
  }

  private write(file: Inode, offset: number, bytes: Buffer, part: number): void {
    const growth = offset + bytes.length - file.bytes.length
    const written = Math.floor(Math.min(bytes.length * part, bytes.length - Math.max(0, growth - this.room)))
    const change = { offset, bytes: Buffer.from(bytes.subarray(0, written)) }
    this.room -= Math.max(0, offset + written - file.bytes.length)
    if (written > 0) {
      file.changes.push(change)
      file.bytes = changed(file.bytes, change)
    }
    if (part === 1 && written < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  }

  private async change<Result>(apply: (part: number) => Result, failing?: () => void): Promise<Result> {
    await Promise.resolve()
    this.calls += 1
    if (this.isDead) throw new Error('The disk is dead.')
    if (this.fault?.call === this.calls) this.fail(this.fault, apply, failing)
    const result = apply(1)
    await this.onChange()
    return result
  }

  private fail({ part = 0, dead = false, code = 'EIO' }: Fault, apply: (part: number) => unknown, failing?: () => void): never {
    if (failing) failing()
    else if (part > 0) apply(part)
    this.isDead = dead
    throw Object.assign(new Error(`${code}: the disk fails at call ${this.calls}`), { code })
  }

  /** Each change of a name may be lost, whatever became of the others. */
  private *possibleNames(): Generator<Names> {
    for (let kept = 0; kept < 2 ** this.nameChanges.length; kept++) {
      const names = new Map(this.durableNames)
      for (const [n, change] of this.nameChanges.entries()) if ((kept >> n) & 1) applyName(names, change)
      yield names
    }
  }

  private *tears(names: Names, random: Random): Generator<(file: Inode) => Buffer> {
    const changes = [...new Set(names.values())].reduce((sum, file) => sum + file.changes.length, 0)
    yield ({ durable }) => durable
    if (changes === 0) return
    yield ({ durable, changes: all }) => all.reduce(changed, durable)
    for (const part of [0.1, 0.5, 0.9, random.next()]) yield (file) => prefix(file, part)
    yield (file) => sectors(file, (n) => n !== 0)
    yield (file) => sectors(file, (n, last) => n !== last)
    yield (file) => sectors(file, (n, last) => n === last)
    for (let times = 0; times < 4; times++) yield (file) => sectors(file, () => random.next() < 0.5)
  }
}

function applyName(names: Names, change: NameChange): void {
  if ('path' in change) {
    names.set(change.path, change.file)
    return
  }
  const file = names.get(change.from)
  if (!file) return
  names.delete(change.from)
  names.set(change.to, file)
}

/** The file's changes up to a part of their bytes, at any byte. */
function prefix({ durable, changes }: Inode, part: number): Buffer {
  let left = Math.floor(part * changes.reduce((sum, change) => sum + ('bytes' in change ? change.bytes.length : 1), 0))
  let bytes = durable
  for (const change of changes) {
    const all = 'bytes' in change ? change.bytes.length : 1
    bytes = changed(bytes, 'bytes' in change ? { offset: change.offset, bytes: change.bytes.subarray(0, left) } : change)
    left -= all
    if (left <= 0) break
  }
  return bytes
}

/** The file as programs see it, but for the sectors that the disk has not come to: as they were, or zeros. */
function sectors({ durable, changes }: Inode, isKept: (n: number, last: number) => boolean): Buffer {
  const bytes = Buffer.from(changes.reduce(changed, durable))
  const starts = changes.flatMap((change) => ('bytes' in change ? [Math.floor(change.offset / SECTOR_BYTES)] : []))
  const first = Math.min(...starts)
  const last = Math.floor((bytes.length - 1) / SECTOR_BYTES)
  for (let sector = first; sector <= last; sector++) {
    if (isKept(sector - first, last - first)) continue
    const [from, to] = [sector * SECTOR_BYTES, Math.min((sector + 1) * SECTOR_BYTES, bytes.length)]
    bytes.fill(0, from, to)
    if (from < durable.length) durable.copy(bytes, from, from, Math.min(to, durable.length))
  }
  return bytes
}
