import { diskFiles, type Files, type LogFile } from '../../src/infrastructure/event-log/files.ts'

/** Named points in the log's writing at which a process can die. */
export const POINTS = [
  'before write', 'in write', 'after write', 'after sync', 'segment created', 'segment written', 'segment renamed',
] as const
export type Point = (typeof POINTS)[number]

/** The real disk, for a process that kills itself when it comes to the point the so-many-th time. */
export function killingFiles(point: Point | undefined, times: number): Files {
  let left = times
  const at = (reached: Point): void => {
    if (reached === point && --left === 0) process.kill(process.pid, 'SIGKILL')
  }

  function segment(file: LogFile): LogFile {
    return {
      read: (offset, length) => file.read(offset, length), size: () => file.size(),
      truncate: (length) => file.truncate(length), close: () => file.close(),
      async write(offset, bytes) {
        at('before write')
        const half = Math.floor(bytes.length / 2)
        await file.write(offset, bytes.subarray(0, half))
        at('in write')
        await file.write(offset + half, bytes.subarray(half))
        at('after write')
      },
      async fdatasync() {
        await file.fdatasync()
        at('after sync')
      },
    }
  }

  return {
    ...diskFiles,
    async open(path, mode) {
      const file = await diskFiles.open(path, mode)
      if (mode === 'create') at('segment created')
      return mode === 'write' ? segment(file) : file
    },
    async rename(from, to) {
      at('segment written')
      await diskFiles.rename(from, to)
      at('segment renamed')
    },
  }
}
