import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { packageFile } from '../../package-file.ts'

/** Serves the dashboard, the explorer and what they load: files that `npm run build` made. */
export interface Pages {
  /** Whether the path is one of the pages' own; then it is answered. */
  answer(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>
}

interface File { readonly body: Buffer; readonly etag: string }
type Encoding = 'br' | 'gzip' | 'identity'

const BUILT = packageFile('dist/web')

const EXPLORER = '/graphiql'
const PAGES = new Map([['/', 'index.html'], [EXPLORER, 'graphiql.html']])
const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz', identity: '' }

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The explorer's editor writes style attributes and keeps its fonts in its style sheet; scripts are files of ours on both pages. */
const policy = (styles: string): string => [
  "default-src 'none'", "script-src 'self'", `style-src ${styles}`, "connect-src 'self'", "img-src 'self' data:",
  "font-src 'self' data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ')
const POLICIES: Readonly<Record<string, string>> = {
  'index.html': policy("'self'"),
  'graphiql.html': policy("'self' 'unsafe-inline'"),
}

export function createPages({ explorer = true, directory = BUILT } = {}): Pages {
  const names = new Set(existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }).map(slashed) : [])
  const files = new Map<string, Promise<File>>()

  const read = (name: string): Promise<File> => {
    const known = files.get(name) ?? load(join(directory, name))
    files.set(name, known)
    return known
  }

  return {
    async answer(request, response, pathname) {
      if (pathname === EXPLORER && !explorer) return false
      const page = PAGES.get(pathname)
      const name = page ?? pathname.slice(1)
      const isServed = extname(name) in CONTENT_TYPES && (page !== undefined || name.startsWith('assets/'))
      if (!isServed || !(page !== undefined || names.has(name))) return false
      if (!names.has(name)) notBuilt(response)
      else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
      else {
        const encoding = encodingFor(request, name, names)
        give(request, response, { name, encoding, ...await read(name + SUFFIXES[encoding]) })
      }
      return true
    },
  }
}

const slashed = (name: string): string => name.split(sep).join('/')

async function load(path: string): Promise<File> {
  const body = await readFile(path)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}

function encodingFor(request: IncomingMessage, name: string, names: ReadonlySet<string>): Encoding {
  const accepted = (request.headers['accept-encoding']?.toString() ?? '').split(',').map((item) => item.trim())
  const isAccepted = (encoding: Encoding): boolean => accepted.some((item) => item.split(';')[0] === encoding && !/;\s*q=0(?:\.0*)?$/.test(item))
  return (['br', 'gzip'] as const).find((encoding) => isAccepted(encoding) && names.has(name + SUFFIXES[encoding])) ?? 'identity'
}

function give(request: IncomingMessage, response: ServerResponse, file: File & { readonly name: string; readonly encoding: Encoding }): void {
  const { name, encoding, body, etag } = file
  response.setHeader('etag', etag)
  response.setHeader('vary', 'accept-encoding')
  // An asset's name carries the hash of its content; a page names the assets of its build.
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('cache-control', name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (name in POLICIES) {
    response.setHeader('content-security-policy', POLICIES[name] ?? '')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('cross-origin-opener-policy', 'same-origin')
  }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
    return
  }
  response.setHeader('content-type', CONTENT_TYPES[extname(name)] ?? 'application/octet-stream')
  response.setHeader('content-length', body.length)
  if (encoding !== 'identity') response.setHeader('content-encoding', encoding)
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body)
}

function notBuilt(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' })
    .end('This page is not built yet: run `npm run build` and start the server again.\n')
}
