import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Given } from '../../../src/application/forwarding.ts'
import { createHttpPeers } from '../../../src/infrastructure/peers/http-peers.ts'
import { freePort } from '../../services/process.ts'

const given = (n: number): Given => ({ name: 'addStock', command: { idempotencyKey: `${n}` }, caller: { correlationId: 'c' } })

describe('commands that are given to another node over HTTP', () => {
  const servers: Server[] = []
  const peers = createHttpPeers()
  after(() => { peers.close() })
  afterEach(() => { for (const server of servers.splice(0)) server.close().closeAllConnections() })

  async function ownerThat(answers: RequestListener) {
    const server = createServer(answers).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return { id: `${(server.address() as AddressInfo).port}`, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'secret' }
  }

  it('go together where they come together, each with its own answer', async () => {
    const requests: string[] = []
    const owner = await ownerThat((request, response) => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`)
      void text(request).then((body) => {
        const keys = (JSON.parse(body) as Given[]).map(({ command }) => command.idempotencyKey)
        response.end(JSON.stringify(keys.map((key) => ({ kind: 'done', answer: { result: key, replayed: false } }))))
      })
    })
    const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => peers.give(owner, given(n))))
    expect(replies.map((reply) => reply.kind === 'done' && reply.answer.result)).to.deep.equal(Array.from({ length: 20 }, (_, n) => `${n}`))
    expect(requests).to.deep.equal(['POST /nodes/commands Bearer secret'])
  })

  it('are untaken where nobody is there', async () => {
    expect(await peers.give({ id: 'gone', url: `http://127.0.0.1:${await freePort()}`, token: '' }, given(1))).to.deep.equal({ kind: 'untaken' })
  })

  for (const status of [400, 404, 503]) {
    it(`are untaken where it says ${status}`, async () => {
      const owner = await ownerThat((_, response) => { response.writeHead(status).end() })
      expect(await peers.give(owner, given(1))).to.deep.equal({ kind: 'untaken' })
    })
  }

  it('may have been done where the connection ends, or something between them gives up', async () => {
    const cut = await ownerThat((request) => { request.once('data', () => { request.socket.destroy() }) })
    const proxied = await ownerThat((_, response) => { response.writeHead(504).end() })
    const torn = await ownerThat((_, response) => { response.end('[{"kind":') })
    for (const owner of [cut, proxied, torn]) expect(await peers.give(owner, given(1))).to.deep.equal({ kind: 'unanswered' })
  })
})
