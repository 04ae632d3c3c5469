/** What is sent whole and once, in text (RFC 6455): the first bit says that it is the last of its message. */
const WHOLE_TEXT = 0x81
const LENGTH_16 = 126
const LENGTH_64 = 127

/** A WebSocket message of UTF-8 text as a server sends it, unmasked: what stands before its bytes. */
export function textFrameHead(bytes: number): Buffer {
  if (bytes < LENGTH_16) return Buffer.of(WHOLE_TEXT, bytes)
  const head = Buffer.alloc(bytes < 2 ** 16 ? 4 : 10)
  head[0] = WHOLE_TEXT
  if (head.length === 4) {
    head[1] = LENGTH_16
    head.writeUInt16BE(bytes, 2)
  } else {
    head[1] = LENGTH_64
    head.writeBigUInt64BE(BigInt(bytes), 2)
  }
  return head
}
