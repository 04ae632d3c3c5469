import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { built } from '../../built.ts'

type Line = Readonly<Record<string, unknown>>

const TOKEN = 'very-secret-token-4711'
const NOTE = 'a note that is nobody else\'s business'

/** Everything of a request that may hold a secret holds this one. */
const SECRETIVE = { authorization: `Bearer ${TOKEN}`, cookie: `session=${TOKEN}`, 'x-api-key': TOKEN }

describe('the log of a server', () => {
  let directory: string
  let child: ChildProcess
  let url = ''
  let text = ''
  let lines: Line[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'stockstream-log-'))
    child = spawn(process.execPath, [built('main.js')], {
      env: { ...process.env, PORT: '0', STORE_DIR: directory, LOG_LEVEL: 'trace' }, stdio: ['ignore', 'pipe', 'inherit'],
    })
    const output = createInterface({ input: child.stdout! })
    output.on('line', (line) => { text += `${line}\n` })
    while (!url) url = /GraphQL\s+(\S+)\/graphql/.exec(text)?.[1] ?? (await once(output, 'line'), '')
    await ask('mutation Open($note: String) { openLocation(input: { code: "LIS", name: "Lisbon" }) { userErrors { code } } registerProduct(input: { sku: "TEA", name: "Tea" }) { userErrors { code } } }')
    await ask(`mutation Fill($note: String!) { addStock(input: { sku: "TEA", location: "LIS", quantity: 4, note: $note }) { userErrors { code } } }`, { note: NOTE })
    await ask(`{ noSuchField(token: "${TOKEN}") }`)
    await ask('query Named { system { version } }', {}, { 'x-correlation-id': 'till-7:42' })
    await fetch(`${url}/graphql?token=${TOKEN}`, { method: 'POST', headers: { ...SECRETIVE, 'content-type': 'application/json' }, body: `{"${TOKEN}` })
    await fetch(`${url}/made-up/${TOKEN}?token=${TOKEN}`, { headers: SECRETIVE })
    for (const path of ['healthz', 'readyz', 'metrics']) await fetch(`${url}/${path}`)
    await askOverSocket('query OverSocket { system { version } }')
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
    lines = text.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line)
  })

  after(async () => { await rm(directory, { recursive: true }) })

  const ask = (query: string, variables: object = {}, headers: object = {}) => fetch(`${url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query, variables }), headers: { ...SECRETIVE, 'content-type': 'application/json', ...headers },
  })

  async function askOverSocket(query: string): Promise<void> {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${TOKEN}`, correlationId: 'socket-9' },
    })
    for await (const answer of client.iterate({ query })) { expect(answer.errors).to.equal(undefined); break }
    await client.dispose()
  }

  const operations = (): Line[] => lines.filter(({ msg }) => msg === 'Operation')
  const requests = (): Line[] => lines.filter(({ msg }) => msg === 'Request')

  it('has a line an operation with its name, outcome, time and correlation id', () => {
    const [named] = operations().filter(({ operation }) => operation === 'Named')
    expect(named).to.include({ correlationId: 'till-7:42', kind: 'query', transport: 'http', outcome: 'OK', level: 'info' })
    expect(named!.milliseconds).to.be.a('number')
    expect(Date.parse(String(named!.time))).to.be.greaterThan(Date.now() - 600_000)
    expect(operations().map(({ operation, outcome }) => [operation, outcome])).to.deep.include.members([['Fill', 'OK'], [undefined, 'BAD_USER_INPUT']])
  })

  it('has a line an operation over a socket, too', () => {
    const [found] = operations().filter(({ operation }) => operation === 'OverSocket')
    expect(found).to.include({ correlationId: 'socket-9', kind: 'query', transport: 'websocket', outcome: 'OK' })
  })

  it('has a line for what was refused before it became an operation, and none for probes', () => {
    expect(requests().map(({ method, route, status }) => [method, route, status])).to.deep.include.members([['POST', '/graphql', 400], ['GET', 'other', 404]])
    expect(requests().filter(({ route }) => ['/healthz', '/readyz', '/metrics'].includes(String(route)))).to.deep.equal([])
  })

  it('has no token, no cookie, no document and nothing of what was sent with it', () => {
    expect(operations().length).to.be.greaterThan(3)
    for (const secret of [TOKEN, NOTE, 'noSuchField', 'Lisbon', 'made-up']) expect(text, secret).not.to.include(secret)
  })
})
