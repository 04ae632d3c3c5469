import { expect } from 'chai'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { type Attack, ATTACKS, json, query } from './attacks.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const ANSWER_BYTES_MAX = 4_096
const HEAP_GROWTH_BYTES_MAX = 128 * 1_048_576
const SOCKETS = 20
const FRAGMENTS = 16_000
/** So that what is slow is given up on soon. */
const SLOW_MS_MAX = 1_000

describe('a server that is abused', () => {
  let directory: string
  let server: ServerProcess
  let heapBefore: number
  /** Somebody else, who goes on asking. */
  const other = { isAsking: true, answers: 0, failures: [] as unknown[] }
  let asking: Promise<void>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-abuse-'))
    server = await startServerProcess(directory, 0, { HEADERS_MS_MAX: String(SLOW_MS_MAX), REQUEST_MS_MAX: String(2 * SLOW_MS_MAX), CALLER_REFUSALS_PER_SECOND: '1000' })
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    heapBefore = await heap()
    asking = ask()
  })

  after(async () => {
    other.isAsking = false
    await asking
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  const url = (): URL => new URL(server.url)

  async function heap(): Promise<number> {
    const text = await (await fetch(new URL('/metrics', url()))).text()
    return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1])
  }

  async function ask(): Promise<void> {
    const { body, headers } = query('{ location(code: "LIS") { name } }')
    while (other.isAsking) {
      const told = await fetch(server.url, { method: 'POST', body: body!, headers: headers! }).then((response) => response.text(), String)
      if (told.trim() === '{"data":{"location":{"name":"Lisbon"}}}') other.answers++
      else other.failures.push(told)
      await pause(20)
    }
  }

  const send = ({ method = 'POST', search = '', ...rest }: Attack) => fetch(`${server.url}${search}`, { method, ...rest })

  /** What a connection is told for these bytes, by the time that the server has closed it. */
  async function told(bytes: string): Promise<string> {
    const { hostname, port } = url()
    const socket = connectSocket(Number(port), hostname)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('error', () => undefined)
    socket.write(bytes)
    await once(socket, 'close')
    return text
  }

  for (const [what, attack, status, code] of ATTACKS) {
    it(`answers ${what} with ${status} ${code}`, async () => {
      const response = await send(attack)
      const text = await response.text()
      expect(response.status, text.slice(0, 500)).to.equal(status)
      expect(text.length, text.slice(0, 500)).to.be.below(ANSWER_BYTES_MAX)
      const { errors } = JSON.parse(text) as { errors: { extensions: { code: string } }[] }
      expect(new Set(errors.map(({ extensions }) => extensions.code))).to.deep.equal(new Set([code]))
    })
  }

  for (const [what, bytes] of [
    ['headers that never end', 'POST /graphql HTTP/1.1\r\nHost: x\r\nX-A: '],
    ['no word at all', ''],
    ['a body that never comes', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'],
  ] as const) {
    it(`gives up on ${what} with 408`, async () => {
      expect(await told(bytes)).to.match(/^HTTP\/1\.1 408 [^]*"code":"BAD_USER_INPUT"/)
    })
  }

  it('refuses 2,000 headers, and headers of 100 KB, with 431', async () => {
    const headers = (count: number, length: number): string => Array.from({ length: count }, (_, n) => `${n}:${'x'.repeat(length)}\r\n`).join('')
    for (const bytes of [headers(2_000, 1), headers(10, 10_000)]) {
      expect(await told(`GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${bytes}\r\n`)).to.match(/^HTTP\/1\.1 431 [^]*"code":"BAD_USER_INPUT"/)
    }
  })

  it('refuses what is no HTTP with 400', async () => {
    expect(await told('\u0016\u0003\u0001 hello\r\n\r\n')).to.match(/^HTTP\/1\.1 400 [^]*"code":"BAD_USER_INPUT"/)
    expect(await told('GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).to.match(/^HTTP\/1\.1 40[04] /)
  })

  it(`closes ${SOCKETS} sockets that send a message in ${FRAGMENTS} fragments with 1008`, async () => {
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, async () => {
      const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws').on('error', () => undefined)
      await once(socket, 'open')
      socket.send('{"type":"connection_init"}')
      await once(socket, 'message')
      return socket
    }))
    const closed = sockets.map((socket) => once(socket, 'close') as Promise<[number]>)
    for (const socket of sockets) for (let sent = 0; sent < FRAGMENTS; sent++) socket.send('x', { fin: false })
    const codes = (await Promise.all(closed)).map(([code]) => code)
    expect(new Set(codes)).to.deep.equal(new Set([1008]))
  })

  it('closes a socket that sends JSON a million brackets deep with 4400', async () => {
    const socket = new WebSocket(server.url.replace('http', 'ws'), 'graphql-transport-ws').on('error', () => undefined)
    await once(socket, 'open')
    socket.send('['.repeat(1_000_000))
    expect((await once(socket, 'close'))[0]).to.equal(4400)
  })

  it('takes __proto__ as a name like any other, and changes no object by it', async () => {
    const attributes = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}') as object
    const made = await send({ headers: json, body: `{"query":${JSON.stringify('mutation ($input: RegisterProductInput!) { registerProduct(input: $input) { userErrors { code } } }')},
      "variables":{"__proto__":{"polluted":true},"input":{"sku":"BAD","name":"Bad","attributes":${JSON.stringify(attributes)}}},"__proto__":{"operationName":"polluted"}}` })
    expect(made.status).to.equal(200)
    const unknown = await send({ headers: json, body: `{"query":${JSON.stringify('mutation ($input: RegisterProductInput!) { registerProduct(input: $input) { cursor } }')},
      "variables":{"input":{"sku":"BAD2","name":"Bad","__proto__":{"polluted":true}}}}` })
    expect([unknown.status, await unknown.text()]).to.satisfy(([status, text]: [number, string]) => status === 400 && text.includes('BAD_USER_INPUT'))
    const { product } = await server.mutate('registerProduct', { sku: 'GOOD', name: 'Good' }, 'product { attributes }')
    expect(product).to.deep.equal({ attributes: {} })
  })

  it('has answered others all the while, is alive, and gives the memory back', async () => {
    expect(other.failures).to.deep.equal([])
    expect(other.answers).to.be.greaterThan(0)
    while (await heap() > heapBefore + HEAP_GROWTH_BYTES_MAX) await pause(100)
    expect((await fetch(new URL('/readyz', url()))).status).to.equal(200)
  })
})
