import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export type Cell = string | number | boolean | null | undefined

/** One line of CSV as RFC 4180 has it, line feed included. */
export const csvLine = (values: readonly Cell[]): string => `${values.map(csvField).join(',')}\n`

function csvField(value: Cell): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The file's bytes, unpacked where it is gzipped, whatever its name. `onBytes` hears how much of the file itself was read. */
export async function openText(path: string, onBytes: (bytes: number) => void): Promise<Readable> {
  const isPacked = await isGzip(path)
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  file.on('data', (chunk) => { onBytes(chunk.length) })
  if (!isPacked) return file
  const text = createGunzip({ chunkSize: 256 * 1024 })
  file.on('error', (error) => { text.destroy(error) })
  return file.pipe(text)
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
