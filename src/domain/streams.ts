import { DomainError } from './errors.ts'

/**
 * Names of streams are `kind:part` or `kind:part@part`, their parts percent-encoded, so that a SKU may hold `@` or `:`.
 * They stand in the log: never change how they are made.
 */
export type StreamKind = 'product' | 'location' | 'stock' | 'reservation' | 'transfer' | 'webhook'

const encode = (part: string): string => {
  try {
    return encodeURIComponent(part)
  } catch {
    throw new DomainError('INVALID_INPUT', 'Text must be well-formed Unicode: it holds half of a surrogate pair.')
  }
}

export const streamName = {
  product: (sku: string): string => `product:${encode(sku)}`,
  location: (code: string): string => `location:${encode(code)}`,
  stock: (sku: string, location: string): string => `stock:${encode(sku)}@${encode(location)}`,
  reservation: (id: string): string => `reservation:${encode(id)}`,
  transfer: (id: string): string => `transfer:${encode(id)}`,
  webhook: (id: string): string => `webhook:${encode(id)}`,
} as const

export interface StreamParts {
  readonly kind: StreamKind
  /** The SKU, code or id; for a stock level its SKU and location. */
  readonly parts: readonly string[]
}

/** The parts of a stream's name, decoded. */
export function parseStream(name: string): StreamParts {
  const colon = name.indexOf(':')
  return { kind: name.slice(0, colon) as StreamKind, parts: name.slice(colon + 1).split('@').map(decodeURIComponent) }
}

/** The product and location that an event of this stream is about, where it is about one. */
export function subjectOf(stream: string): { readonly sku?: string; readonly location?: string } {
  const { kind, parts } = parseStream(stream)
  const [first, second] = parts as [string, string]
  switch (kind) {
    case 'product': return { sku: first }
    case 'location': return { location: first }
    case 'stock': return { sku: first, location: second }
    case 'reservation':
    case 'transfer':
    case 'webhook': return {}
  }
}
