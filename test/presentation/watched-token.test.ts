import { expect } from 'chai'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { newKey } from '../../src/infrastructure/auth/api-key.ts'
import { apiKeyFile, changeApiKeys } from '../../src/infrastructure/auth/api-key-file.ts'
import { requireToken } from '../../src/infrastructure/auth/authenticator.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { startHttpServer } from '../../src/presentation/http/server.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'

const EVERY_MS = 20

describe('the token of an open socket', () => {
  let test: TestInventory
  let server: Awaited<ReturnType<typeof startHttpServer>>
  let keyFile: string
  let asked = 0

  before(async () => {
    test = await openTestInventory()
    keyFile = apiKeyFile(test.directory)
    const keys = requireToken({ keyFile, clock: systemClock })
    const authenticator = { authenticate: (token: string | undefined) => { asked += 1; return keys.authenticate(token) } }
    server = await startHttpServer({
      inventory: test.inventory, authenticator, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => 'c', tokenCheckMs: EVERY_MS,
    })
  })

  after(async () => {
    await server.close()
    await test.close()
  })

  async function made(): Promise<string> {
    const { id, key, sha256 } = newKey()
    await changeApiKeys(keyFile, (keys) => [...keys, { id, sha256, name: `till ${id}`, role: 'reader', locations: '*', createdAt: new Date().toISOString() }])
    return key
  }

  /** A socket that is let in by the header of its first request. */
  async function opened(key: string): Promise<WebSocket> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { authorization: `Bearer ${key}` } })
    await once(socket, 'open')
    socket.send('{"type":"connection_init"}')
    const [message] = (await once(socket, 'message')) as [Buffer]
    expect((JSON.parse(message.toString()) as { type: string }).type).to.equal('connection_ack')
    return socket
  }

  /** Until it was looked at so many times more. */
  async function looks(count: number): Promise<void> {
    for (const until = asked + count; asked < until;) await wait(EVERY_MS)
  }

  it('is looked at again: the socket is closed with 4403 when its key is revoked, and no other', async () => {
    const [revoked, other] = [await made(), await made()]
    const [socket, kept] = [await opened(revoked), await opened(other)]
    await looks(4)
    expect([socket.readyState, kept.readyState]).to.deep.equal([WebSocket.OPEN, WebSocket.OPEN])
    const closed = once(socket, 'close') as Promise<[number, Buffer]>
    await changeApiKeys(keyFile, (keys) => keys.map((key) => (revoked.includes(key.id) ? { ...key, revokedAt: new Date().toISOString() } : key)))
    const [code, reason] = await closed
    expect([code, reason.toString()]).to.deep.equal([4403, 'The token is not valid here.'])
    await looks(2)
    expect(kept.readyState).to.equal(WebSocket.OPEN)
    kept.terminate()
  })

  it('stays good while nobody can tell, and is forgotten with its socket', async () => {
    const socket = await opened(await made())
    const whole = await readFile(keyFile, 'utf8')
    await writeFile(keyFile, '{')
    await looks(3)
    expect(socket.readyState).to.equal(WebSocket.OPEN)
    await writeFile(keyFile, whole)
    socket.close()
    await once(socket, 'close')
    while ((await idleLooks()) > 0) await wait(EVERY_MS)
  })

  it('can not be looked at: a new socket is closed with 1013, to come again later', async () => {
    const key = await made()
    const whole = await readFile(keyFile, 'utf8')
    await writeFile(keyFile, '{')
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers: { authorization: `Bearer ${key}` } })
    await once(socket, 'open')
    socket.send('{"type":"connection_init"}')
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
    expect([code, reason.toString()]).to.deep.equal([1013, 'API keys can not be checked for now: their file can not be read.'])
    await writeFile(keyFile, whole)
    const again = await opened(key)
    again.terminate()
  })

  /** How often a token was looked at while nobody was there. */
  async function idleLooks(): Promise<number> {
    const before = asked
    await wait(5 * EVERY_MS)
    return asked - before
  }
})
