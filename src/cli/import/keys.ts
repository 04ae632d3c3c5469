import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Mapping } from './mapping.ts'
import { CHUNK_ROWS } from './rows.ts'

const FILE_DIGITS = 32
const MEANING_DIGITS = 8

/**
 * What makes an import the same again: the file's bytes and what its columns mean. So the same file under another
 * name, or with other options besides, is not applied twice.
 */
export async function importKey(file: string, mapping: Mapping, preset: string | undefined): Promise<string> {
  const bytes = createHash('sha256')
  await pipeline(createReadStream(file), bytes)
  const meaning = createHash('sha256').update(JSON.stringify([CHUNK_ROWS, Object.entries(mapping).sort(), preset ?? null]))
  return `import:${bytes.digest('hex').slice(0, FILE_DIGITS)}:${meaning.digest('hex').slice(0, MEANING_DIGITS)}`
}

/** Under 128 characters with every part. */
export const keyWithin = (importKey: string, ...parts: readonly (string | number)[]): string => [importKey, ...parts].join(':')
