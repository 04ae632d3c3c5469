import type { EndpointGuard } from '../../application/webhooks/ports.ts'
import { type Addresses, hostOf, NotAllowed } from './addresses.ts'

const LOOKUP_MS_MAX = 2_000

/**
 * Refuses URLs that lead to where nobody may be sent. A name that can't be resolved now, or not soon, is let through: it is
 * looked at again with each connection.
 */
export const createEndpointGuard = (addresses: Pick<Addresses, 'resolve'>): EndpointGuard => ({
  async refusal(url) {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => { timer = setTimeout(resolve, LOOKUP_MS_MAX, undefined) })
    const looked = addresses.resolve(hostOf(new URL(url))).then(() => undefined, (error: unknown) => (error instanceof NotAllowed ? error.message : undefined))
    const refusal = await Promise.race([looked, late])
    clearTimeout(timer)
    return refusal
  },
})
