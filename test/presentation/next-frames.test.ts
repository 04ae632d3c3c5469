import { expect } from 'chai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { nextFrames, writtenId } from '../../src/presentation/graphql/next-frames.ts'
import { textFrameHead } from '../../src/presentation/text-frame.ts'

/** What a WebSocket client makes of bytes that stand between frames which its server sends itself. */
async function received(bytes: Buffer, count: number): Promise<string[]> {
  const http = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, connection: Duplex, head) => {
    sockets.handleUpgrade(request, connection, head, (socket) => {
      socket.send('before')
      connection.write(bytes)
      socket.send('after')
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
  const messages: string[] = []
  client.on('message', (data: Buffer, isBinary) => { messages.push(isBinary ? 'binary' : data.toString()) })
  try {
    while (messages.length < count + 2) await once(client, 'message')
    expect([messages.shift(), messages.pop()]).to.deep.equal(['before', 'after'])
    return messages
  } finally {
    client.terminate()
    http.close()
    http.closeAllConnections()
  }
}

describe('frames of next messages', () => {
  it('are understood by a client whatever their length', async () => {
    const texts = [0, 1, 125, 126, 65_535, 65_536, 70_000].map((length) => 'x'.repeat(length))
    const frames = Buffer.concat(texts.flatMap((text) => [textFrameHead(text.length), Buffer.from(text)]))
    expect(await received(frames, texts.length)).to.deep.equal(texts)
  })

  it('hold one message a result under the id that each asked with, in one piece', async () => {
    const results = [{ data: { n: 1 } }, { data: { text: 'Chá, 茶 and 🍵'.repeat(40) } }, { data: { long: 'y'.repeat(70_000) } }]
    const frames = nextFrames(results.map((result) => Buffer.from(JSON.stringify(result))))
    for (const id of ['1', '2', 'b"c', 'é', '0199b1c2-0000-7000-8000-000000000001', '0199b1c2-0000-7000-8000-000000000002', '1']) {
      const messages = (await received(frames.of(writtenId(id)), results.length)).map((message) => JSON.parse(message) as unknown)
      expect(messages, id).to.deep.equal(results.map((payload) => ({ id, type: 'next', payload })))
    }
  })

  it('are the same bytes for the same id', () => {
    const frames = nextFrames([Buffer.from('{}')])
    expect(frames.of(writtenId('a'))).to.equal(frames.of(writtenId('a')))
    expect(frames.of(writtenId('b'))).to.not.deep.equal(frames.of(writtenId('a')))
  })
})
