import { once, EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { diskFiles, type Files, type LogFile } from '../../src/infrastructure/event-log/files.ts'

export type Mood = 'well' | 'failing' | 'hanging' | 'slow'

const SLOW_MS = 30

/** The real disk, whose syncs do as they are told: so that what stands behind a port fails, hangs or is slow. */
export class WaywardFiles implements Files {
  /** Syncs that were asked for. */
  syncs = 0
  private mood: Mood = 'well'
  private readonly moods = new EventEmitter().setMaxListeners(0)

  /** Syncs that hang come back when it is well again. */
  set(mood: Mood): void {
    this.mood = mood
    this.moods.emit('change')
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<LogFile> {
    const file = await diskFiles.open(path, mode)
    return {
      read: (offset, length) => file.read(offset, length), size: () => file.size(), write: (offset, bytes) => file.write(offset, bytes),
      truncate: (length) => file.truncate(length), close: () => file.close(),
      fdatasync: async () => {
        this.syncs += 1
        await this.obey()
        await file.fdatasync()
      },
    }
  }

  rename(from: string, to: string): Promise<void> { return diskFiles.rename(from, to) }
  list(directory: string): Promise<readonly string[]> { return diskFiles.list(directory) }
  createDirectory(directory: string): Promise<void> { return diskFiles.createDirectory(directory) }
  syncDirectory(directory: string): Promise<void> { return diskFiles.syncDirectory(directory) }

  private async obey(): Promise<void> {
    while (this.mood === 'hanging') await once(this.moods, 'change')
    if (this.mood === 'failing') throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
    if (this.mood === 'slow') await wait(SLOW_MS)
  }
}
