import type { LogFile } from './files.ts'

export interface RawLine { readonly offset: number; readonly bytes: Buffer; readonly ended: boolean }

const CHUNK_BYTES = 1 << 20
const LINE_FEED = 0x0a

/** The lines from the one place to the other, line feeds included. Only the very last one can lack its line feed. */
export async function* linesOf(file: LogFile, from: number, to: number): AsyncGenerator<RawLine[]> {
  const rest: Buffer[] = []
  let offset = from
  for (let at = from; at < to; ) {
    const chunk = await file.read(at, Math.min(CHUNK_BYTES, to - at))
    if (chunk.length === 0) break
    at += chunk.length
    if (!chunk.includes(LINE_FEED)) {
      rest.push(chunk)
      continue
    }
    const bytes = Buffer.concat([...rest.splice(0), chunk])
    const lines: RawLine[] = []
    let start = 0
    for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, start)) {
      lines.push({ offset: offset + start, bytes: bytes.subarray(start, feed + 1), ended: true })
      start = feed + 1
    }
    rest.push(bytes.subarray(start))
    offset += start
    yield lines
  }
  const bytes = Buffer.concat(rest)
  if (bytes.length > 0) yield [{ offset, bytes, ended: false }]
}
