import { parse } from 'graphql'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import { sha256 } from '../presentation/graphql/limits/trusted-documents.ts'

/** The texts of the documents in a folder of .graphql files, or in a JSON file of texts by their SHA-256. */
export async function readTrustedDocuments(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw unusable(path, 'there is nothing there')
  const texts = found.isDirectory() ? await inFolder(path) : inFile(path, await readFile(path, 'utf8'))
  if (texts.length === 0) throw unusable(path, 'it holds no document')
  return texts
}

async function inFolder(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(graphql|gql)$/.test(name))
  return Promise.all(names.map(async (name) => checked(join(folder, name), await readFile(join(folder, name), 'utf8'))))
}

function inFile(path: string, content: string): readonly string[] {
  return Object.entries(asObject(path, content)).map(([hash, text]) => {
    if (typeof text !== 'string' || sha256(text) !== hash.replace(/^sha256:/, '')) throw unusable(path, `${hash} is not the SHA-256 of its document`)
    return checked(path, text)
  })
}

function asObject(path: string, content: string): object {
  try {
    const value: unknown = JSON.parse(content)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw unusable(path, 'it is no JSON object')
}

function checked(path: string, text: string): string {
  try {
    parse(text)
    return text
  } catch (error) {
    throw unusable(path, (error as Error).message)
  }
}

const unusable = (path: string, why: string): ConfigError => new ConfigError(
  `TRUSTED_DOCUMENTS=${path} can not be used, because ${why}: name a folder of .graphql files, or a JSON file such as {"<SHA-256 of the text>": "query { … }"}.`,
)
