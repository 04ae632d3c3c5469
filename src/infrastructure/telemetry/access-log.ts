import { type Observer, type RequestFacts, unobserved } from '../../application/observer.ts'
import type { Logger } from '../../application/ports.ts'

/** Asked every few seconds by machines, and counted anyway. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/**
 * One line an operation, and one a request that was none or was refused: who asked what, how it ended, how long it took. Never what
 * was sent or answered.
 */
export function createAccessLog(logger: Pick<Logger, 'info'>): Observer {
  return {
    ...unobserved,
    operation({ caller: { correlationId, actor }, name, kind, transport, outcome, milliseconds }) {
      logger.info({ correlationId, actor, operation: name, kind, transport, outcome, milliseconds: rounded(milliseconds) }, 'Operation')
    },
    request(request) {
      if (isToldElsewhere(request)) return
      const { correlationId, method, route, status, milliseconds } = request
      logger.info({ correlationId, method, route, status, milliseconds: rounded(milliseconds) }, 'Request')
    },
  }
}

const isToldElsewhere = ({ route, status }: RequestFacts): boolean => status < 400 && (route === '/graphql' || PROBES.has(route))

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000
