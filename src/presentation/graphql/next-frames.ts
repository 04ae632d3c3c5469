import { textFrameHead } from '../text-frame.ts'

const BEFORE_ID = Buffer.from('{"id":')
const AFTER_ID = Buffer.from(',"type":"next","payload":')
const END = Buffer.from('}')

/**
 * Results of an operation as `next` messages of graphql-transport-ws, each a WebSocket frame, in one piece. Subscribers
 * differ by the id of their operation alone: the same id is given the same bytes, another of the same length a copy.
 */
export interface NextFrames {
  /** `id`: as it stands in a message, which `writtenId` tells. */
  of(id: Buffer): Buffer
}

export const writtenId = (id: string): Buffer => Buffer.from(JSON.stringify(id))

/** `payloads`: results as JSON. */
export function nextFrames(payloads: readonly Buffer[]): NextFrames {
  const made = new Map<number, Framed>()
  return {
    of(id) {
      const found = made.get(id.length)
      if (found) return found.id.equals(id) ? found.bytes : withId(id, found)
      const framed = framedFor(id, payloads)
      made.set(id.length, framed)
      return framed.bytes
    },
  }
}

interface Framed { readonly id: Buffer; readonly idsAt: readonly number[]; readonly bytes: Buffer }

function framedFor(id: Buffer, payloads: readonly Buffer[]): Framed {
  const parts: Buffer[] = []
  const idsAt: number[] = []
  let length = 0
  for (const payload of payloads) {
    const message = [BEFORE_ID, id, AFTER_ID, payload, END]
    const head = textFrameHead(lengthOf(message))
    idsAt.push(length + head.length + BEFORE_ID.length)
    parts.push(head, ...message)
    length += head.length + lengthOf(message)
  }
  return { id, idsAt, bytes: Buffer.concat(parts, length) }
}

function withId(id: Buffer, { idsAt, bytes }: Framed): Buffer {
  const copy = Buffer.from(bytes)
  for (const at of idsAt) copy.set(id, at)
  return copy
}

const lengthOf = (parts: readonly Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0)
