import type { IncomingMessage, ServerResponse } from 'node:http'

/** Which other sites' pages may use the API from a browser. */
export interface Origins {
  /** Says in the answer what the page that asks may do with it. True where that was all that it asked: then it is answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  /** Whether a page may open a socket: browsers let every page try. */
  letsIn(request: IncomingMessage): boolean
}

const ALLOWED = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'content-type, authorization, x-correlation-id, apollo-require-preflight, traceparent, tracestate',
  'access-control-max-age': '7200',
}

export function createOrigins(allowed: readonly string[]): Origins {
  const known = new Set(allowed)
  const isAllowed = (origin: string): boolean => known.has('*') || known.has(origin)
  return {
    answer(request, response) {
      const { origin } = request.headers
      if (known.size > 0) response.setHeader('vary', 'origin')
      if (origin === undefined || !isAllowed(origin)) return false
      response.setHeader('access-control-allow-origin', known.has('*') ? '*' : origin)
      response.setHeader('access-control-expose-headers', 'x-correlation-id, retry-after')
      if (request.method !== 'OPTIONS') return false
      response.writeHead(204, ALLOWED).end()
      return true
    },
    letsIn({ headers: { origin, host } }) {
      return origin === undefined || isAllowed(origin) || hostOf(origin) === host
    },
  }
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)
