import type { IncomingMessage } from 'node:http'
import { isNestedTooDeep, NESTING_MAX } from '../nesting.ts'

/** A body that can't be taken: 413 where it is too large, 415 where it is in another character set, 400 where it is no JSON. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  /** Bytes: how much of it was read. */
  constructor(readonly status: 400 | 413 | 415, message: string, readonly bytes: number) {
    super(message)
  }
}

/** What the body says as JSON; undefined where it is not to be JSON. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const body = await readBody(request, bytesMax)
  return body && parseJson(body)
}

/** Undefined where it is not to be JSON: forms of other sites have another type, and what is in them is not looked at. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const { essence, charset = 'utf-8' } = contentType(request.headers['content-type'])
  if (essence !== 'application/json') return undefined
  if (!/^utf-?8$/.test(charset)) throw new BodyError(415, 'The body must be JSON in UTF-8: leave charset out.', 0)
  return readBytes(request, bytesMax)
}

/** Throws a BodyError where it is no JSON, or too many brackets deep. */
export function parseJson(body: Buffer): unknown {
  if (isNestedTooDeep(body)) throw new BodyError(400, `The body must have ${NESTING_MAX} brackets in brackets at the most.`, body.length)
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    throw new BodyError(400, 'Invalid JSON: the body must be like {"query": "{ __typename }"}.', body.length)
  }
}

function contentType(header = ''): { readonly essence: string; readonly charset: string | undefined } {
  const [essence = '', ...parameters] = header.toLowerCase().split(';').map((part) => part.trim())
  return { essence, charset: parameters.map((part) => /^charset="?([^"]*)"?$/.exec(part)?.[1]).find((found) => found !== undefined) }
}

/** By events: an iterator over the stream costs promises for the one chunk that most bodies are. */
function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // What is too much is read and not kept: who is still sending would lose the answer with the connection.
      if (bytes <= bytesMax) chunks.push(chunk)
    })
    request.once('end', () => {
      if (bytes > bytesMax) reject(new BodyError(413, `The body must be ${bytesMax} bytes at the most.`, bytes))
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.once('error', reject)
  })
}
