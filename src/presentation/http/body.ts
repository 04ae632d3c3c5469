import type { IncomingMessage } from 'node:http'

/** Ten thousand movements with all that they may say. */
const BODY_BYTES_MAX = 8 * 1_048_576

/** A body that can't be taken: 413 where it is too large, 400 where it is no JSON. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  constructor(readonly status: 400 | 413, message: string) {
    super(message)
  }
}

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBytes(request)
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    throw new BodyError(400, 'The body must be JSON, such as {"query": "{ __typename }"}.')
  }
}

/** By events: to iterate over the stream takes three times as long for the one chunk that most bodies are. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // What is too much is read and not kept: who is still sending would lose the answer with the connection.
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
    })
    request.once('end', () => {
      if (bytes > BODY_BYTES_MAX) reject(new BodyError(413, `The body must be ${BODY_BYTES_MAX} bytes at the most.`))
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.once('error', reject)
  })
}
