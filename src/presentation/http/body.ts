import type { IncomingMessage } from 'node:http'
import { isNestedTooDeep, NESTING_MAX } from '../nesting.ts'

/** A body that can't be taken: 413 where it is too large, 415 where it is in another character set, 400 where it is no JSON. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  constructor(readonly status: 400 | 413 | 415, message: string) {
    super(message)
  }
}

/** Undefined where it is of another type: forms of other sites have one of those, and what is in them is not looked at. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const { essence, charset = 'utf-8' } = contentType(request.headers['content-type'])
  if (essence !== 'application/json') return undefined
  if (!/^utf-?8$/.test(charset)) throw new BodyError(415, 'The body must be JSON in UTF-8: leave charset out.')
  const body = await readBytes(request, bytesMax)
  if (isNestedTooDeep(body)) throw new BodyError(400, `The body must have ${NESTING_MAX} brackets in brackets at the most.`)
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    throw new BodyError(400, 'Invalid JSON: the body must be like {"query": "{ __typename }"}.')
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
      if (bytes > bytesMax) reject(new BodyError(413, `The body must be ${bytesMax} bytes at the most.`))
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.once('error', reject)
  })
}
