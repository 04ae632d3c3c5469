import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'

const CHUNK_BYTES = 1 << 20
/** What is larger is known by its size alone: to read it would take longer than a start may. */
const READ_BYTES_MAX = 256 * 1024 * 1024

const sealOf = (file: string): string => `${file}.seal`

/**
 * Notes beside a SQLite file that has just been closed what stands in it. Where that can't be written, as on a full
 * disk, the file is only looked through when it is opened next.
 */
export function seal(file: string): void {
  try {
    writeFileSync(sealOf(file), imprint(file))
  } catch {
    rmSync(sealOf(file), { force: true })
  }
}

/** Whether the file is byte for byte what was sealed. The seal is broken by that, as whoever asks goes on to write. */
export function unseal(file: string): boolean {
  if (!existsSync(sealOf(file))) return false
  const sealed = readFileSync(sealOf(file), 'utf8')
  rmSync(sealOf(file))
  return existsSync(file) && !existsSync(`${file}-wal`) && sealed === imprint(file)
}

function imprint(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    fsyncSync(descriptor)
    const { size } = fstatSync(descriptor)
    return size > READ_BYTES_MAX ? `${size} bytes` : `${size} bytes, CRC ${checksum(descriptor)}`
  } finally {
    closeSync(descriptor)
  }
}

function checksum(descriptor: number): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let crc = 0
  for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) crc = crc32(chunk.subarray(0, read), crc)
  return crc
}
