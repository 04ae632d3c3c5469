import type { Duplex } from 'node:stream'

/** Carries messages, each as a line of JSON, over a stream that two processes share. */
export interface Channel {
  /** What is sent within one turn goes out as one write. */
  send(message: unknown): void
  /** A message that was put into text before, for many. */
  sendText(text: string): void
  /** Of what the other end has not taken. */
  waitingBytes(): number
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the other end is gone. */
  onClose(listener: () => void): void
  close(): void
}

const NEWLINE = 10

export function createChannel(stream: Duplex): Channel {
  let outgoing: string[] = []

  function flush(): void {
    const text = outgoing.join('')
    outgoing = []
    if (stream.writable) stream.write(text)
  }

  function sendText(text: string): void {
    if (outgoing.length === 0) setImmediate(flush)
    outgoing.push(text, '\n')
  }

  stream.on('error', () => { stream.destroy() })
  return {
    send: (message) => { sendText(JSON.stringify(message)) },
    sendText,
    waitingBytes: () => stream.writableLength,
    onMessage(listener) {
      const take = lines((line) => { listener(JSON.parse(line)) })
      stream.on('data', take)
    },
    onClose(listener) { stream.once('close', listener) },
    close() {
      flush()
      stream.end()
    },
  }
}

/** Takes pieces as they come and tells whole lines. A line of many pieces is put together once. */
function lines(tell: (line: string) => void): (piece: Buffer) => void {
  let begun: Buffer[] = []
  return (piece) => {
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      const last = piece.subarray(start, end)
      start = end + 1
      const line = begun.length === 0 ? last : Buffer.concat([...begun, last])
      begun = []
      tell(line.toString())
    }
    if (start < piece.length) begun.push(piece.subarray(start))
  }
}
