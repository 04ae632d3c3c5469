import { expect } from 'chai'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { createPages } from '../../src/presentation/http/pages.ts'

const SCRIPT = 'console.log("tea")\n'

describe('the pages', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stockstream-pages-'))
  const servers: Server[] = []

  before(() => {
    mkdirSync(join(directory, 'assets'))
    writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Stock</title>')
    writeFileSync(join(directory, 'graphiql.html'), '<!doctype html><title>Explorer</title>')
    writeFileSync(join(directory, 'assets', 'app-1a2b.js'), SCRIPT)
    writeFileSync(join(directory, 'assets', 'app-1a2b.js.br'), brotliCompressSync(SCRIPT))
    writeFileSync(join(directory, 'assets', 'app-1a2b.js.gz'), gzipSync(SCRIPT))
  })

  after(() => {
    for (const server of servers) server.close()
    rmSync(directory, { recursive: true })
  })

  async function serve(from: string): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
    const pages = createPages({ directory: from })
    const server = createServer((request, response) => {
      void pages.answer(request, response, new URL(request.url ?? '/', 'http://localhost').pathname)
        .then((isAnswered) => { if (!isAnswered) response.writeHead(404).end() })
    })
    servers.push(server)
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    const { port } = server.address() as AddressInfo
    return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
  }

  it('come with a policy that lets no script in but files of their own', async () => {
    const get = await serve(directory)
    for (const path of ['/', '/graphiql']) {
      const response = await get(path)
      expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8')
      expect(response.headers.get('content-security-policy')).to.include("script-src 'self';").and.include("frame-ancestors 'none'")
      expect(response.headers.get('cache-control')).to.equal('no-cache')
    }
    expect((await get('/')).headers.get('content-security-policy')).to.not.include('unsafe')
  })

  it('have assets that a browser may keep for ever, as small as it can take them', async () => {
    const get = await serve(directory)
    for (const [accepted, encoding] of [['gzip, deflate, br', 'br'], ['gzip', 'gzip'], ['br;q=0, gzip', 'gzip'], ['identity', null]] as const) {
      const response = await get('/assets/app-1a2b.js', { headers: { 'accept-encoding': accepted } })
      expect([response.headers.get('content-encoding'), await response.text()]).to.deep.equal([encoding, SCRIPT])
      expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
      expect(response.headers.get('x-content-type-options')).to.equal('nosniff')
    }
  })

  it('are not sent again to who has them', async () => {
    const get = await serve(directory)
    const etag = (await get('/')).headers.get('etag') ?? ''
    const again = await get('/', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).to.deep.equal([304, ''])
  })

  it('answer a HEAD without a body and refuse to be written to', async () => {
    const get = await serve(directory)
    const head = await get('/', { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).to.deep.equal([200, '35', ''])
    const put = await get('/', { method: 'PUT', body: 'x' })
    expect([put.status, put.headers.get('allow')]).to.deep.equal([405, 'GET, HEAD'])
  })

  for (const path of ['/assets/../package.json', '/assets/%2e%2e/index.html', '/index.html.br', '/assets/', '/assets/app-1a2b.js.gz', '/constructor']) {
    it(`give nothing at ${path}`, async () => { expect((await (await serve(directory))(path)).status).to.equal(404) })
  }

  it('say how to build them where they are not built', async () => {
    const response = await (await serve(join(directory, 'nowhere')))('/')
    expect([response.status, await response.text()]).to.deep.equal([503, 'This page is not built yet: run `npm run build` and start the server again.\n'])
  })
})
