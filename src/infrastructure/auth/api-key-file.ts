import { open, mkdir, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lockFile } from '../event-log/lock.ts'
import { type ApiKey, isApiKey } from './api-key.ts'

/** The file holds something else. The message names it. */
export class BadApiKeyFile extends Error {
  override readonly name = 'BadApiKeyFile'
}

const WRITE_MS_MAX = 5_000

export const apiKeyFile = (directory: string): string => join(directory, 'api-keys.json')

/** The keys in the order of their making; none where there is no file. */
export async function readApiKeys(file: string): Promise<readonly ApiKey[]> {
  try {
    return parsed(await readFile(file, 'utf8'), file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Writes what `change` makes of the keys, all or nothing, on disk when it resolves. Two processes do so one after the other. */
export async function changeApiKeys(file: string, change: (keys: readonly ApiKey[]) => readonly ApiKey[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const unlock = lockFile(`${file}.lock`, WRITE_MS_MAX)
  try {
    await replace(file, `${JSON.stringify({ keys: change(await readApiKeys(file)) }, undefined, 2)}\n`)
  } finally {
    unlock()
  }
}

/** Keys read anew whenever the file is another one than last time: what is revoked is so at once, without a restart. */
export function watchedApiKeys(file: string): () => Promise<ReadonlyMap<string, ApiKey>> {
  let mark = ''
  let keys: ReadonlyMap<string, ApiKey> = new Map()
  return async () => {
    const found = await markOf(file)
    if (found !== mark) {
      keys = new Map((await readApiKeys(file)).map((key) => [key.id, key]))
      mark = found
    }
    return keys
  }
}

/** The file is never written to but replaced, so that a new content has a new inode or time. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true })
    return [ino, mtimeNs, size].join(' ')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none'
    throw error
  }
}

function parsed(text: string, file: string): readonly ApiKey[] {
  const bad = (cause?: unknown): BadApiKeyFile => new BadApiKeyFile(`${file} is not as "stockstream keys" writes it: restore it, or remove it and make new keys.`, { cause })
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown }
    if (Array.isArray(keys) && keys.every(isApiKey)) return keys
  } catch (error) {
    throw bad(error)
  }
  throw bad()
}

/** Readable for this user alone. */
async function replace(file: string, text: string): Promise<void> {
  const written = `${file}.new`
  const handle = await open(written, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(written, file)
  const folder = await open(dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
