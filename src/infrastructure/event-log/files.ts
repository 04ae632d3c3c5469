import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What the log needs of a disk, so that a simulated one can stand in for it. */
export interface LogFile {
  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>
  size(): Promise<number>
  /** All of the bytes, or it rejects, with any part of them written. */
  write(offset: number, bytes: Buffer): Promise<void>
  truncate(length: number): Promise<void>
  fdatasync(): Promise<void>
  close(): Promise<void>
}

export interface Files {
  /** `create` takes the place of a file that is there. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<LogFile>
  rename(from: string, to: string): Promise<void>
  list(directory: string): Promise<readonly string[]>
  /** Creates the folder and the ones above it where they are missing, durably. */
  createDirectory(directory: string): Promise<void>
  /** Makes the names in the folder durable. */
  syncDirectory(directory: string): Promise<void>
}

class DiskFile implements LogFile {
  constructor(private readonly handle: FileHandle) {}

  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  }

  async size(): Promise<number> {
    return (await this.handle.stat()).size
  }

  async write(offset: number, bytes: Buffer): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      written += (await this.handle.write(bytes, written, bytes.length - written, offset + written)).bytesWritten
    }
  }

  truncate(length: number): Promise<void> { return this.handle.truncate(length) }
  fdatasync(): Promise<void> { return this.handle.datasync() }
  close(): Promise<void> { return this.handle.close() }
}

const FLAGS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
} as const

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const diskFiles: Files = {
  open: async (path, mode) => new DiskFile(await open(path, FLAGS[mode])),
  rename,
  list: readdir,
  async createDirectory(directory) {
    const topmost = await mkdir(directory, { recursive: true })
    if (topmost === undefined) return
    for (let made = directory; ; made = dirname(made)) {
      await syncDirectory(dirname(made))
      if (made === topmost || made === dirname(made)) return
    }
  },
  syncDirectory,
}
