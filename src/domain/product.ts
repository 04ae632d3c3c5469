import { isValidGtin } from './gtin.ts'
import type { Decider } from './decider.ts'
import { DomainError, invalidInput } from './errors.ts'
import type { JsonObject, JsonValue, ProductEvent, Unit } from './events.ts'
import { displayName, identifier } from './text.ts'

export interface ProductDetails {
  readonly sku: string
  readonly name: string
  readonly barcode: string | null
  readonly unit: Unit
  readonly attributes: JsonObject
}

export type Unregistered = { readonly kind: 'unregistered' }
export type Active = { readonly kind: 'active' } & ProductDetails
export type Discontinued = { readonly kind: 'discontinued' } & ProductDetails
export type Product = Unregistered | Active | Discontinued

export type ProductCommand =
  | ({ readonly type: 'RegisterProduct' } & ProductDetails)
  | { readonly type: 'UpdateProduct'; readonly changes: Partial<Pick<ProductDetails, 'name' | 'barcode' | 'attributes'>> }
  | { readonly type: 'DiscontinueProduct' }

export const product: Decider<Product, ProductCommand, ProductEvent> = {
  initialState: { kind: 'unregistered' },
  decide,
  evolve,
}

/** The product, whatever its status. NOT_FOUND where there is none of this SKU. */
export function requireRegistered(state: Product, sku: string): Active | Discontinued {
  if (state.kind === 'unregistered') throw new DomainError('NOT_FOUND', `There is no product ${sku}: register it first.`, { sku }, ['sku'])
  return state
}

/** The product where it still takes stock and promises. INVALID_STATE where it is discontinued. */
export function requireActive(state: Product, sku: string): Active {
  const registered = requireRegistered(state, sku)
  if (registered.kind === 'active') return registered
  throw new DomainError('INVALID_STATE', `Product ${sku} is discontinued: it can be sold off, and nothing else.`, { sku, status: 'DISCONTINUED' }, ['sku'])
}

function decide(state: Product, command: ProductCommand): readonly ProductEvent[] {
  switch (command.type) {
    case 'RegisterProduct': {
      const { sku, name, barcode, unit, attributes } = checkDetails(command)
      if (state.kind !== 'unregistered') throw new DomainError('ALREADY_EXISTS', `Product ${sku} is registered already.`, { sku }, ['sku'])
      return [{ type: 'ProductRegistered', data: { sku, name, barcode, unit, attributes } }]
    }
    case 'UpdateProduct': {
      if (state.kind === 'unregistered') throw notRegistered()
      const changes = checkDetails(command.changes)
      const isNews = Object.entries(changes).some(([field, value]) => !isSameJson(value, state[field as keyof ProductDetails]))
      return isNews ? [{ type: 'ProductUpdated', data: changes }] : []
    }
    case 'DiscontinueProduct':
      if (state.kind === 'unregistered') throw notRegistered()
      return state.kind === 'discontinued' ? [] : [{ type: 'ProductDiscontinued', data: {} }]
  }
}

function evolve(state: Product, event: ProductEvent): Product {
  switch (event.type) {
    case 'ProductRegistered': return { kind: 'active', ...event.data }
    case 'ProductUpdated': return state.kind === 'unregistered' ? state : { ...state, ...event.data }
    case 'ProductDiscontinued': return state.kind === 'unregistered' ? state : { ...state, kind: 'discontinued' }
  }
}

const notRegistered = (): DomainError =>
  new DomainError('NOT_FOUND', 'There is no product of this SKU: register it first.', {}, ['sku'])

function checkDetails<Details extends Partial<ProductDetails>>(details: Details): Details {
  if (details.sku !== undefined) identifier(details.sku, 'sku')
  if (details.name !== undefined) displayName(details.name)
  if (details.barcode != null) requireGtin(details.barcode)
  if (details.attributes !== undefined) checkAttributes(details.attributes)
  return details
}

/** INVALID_INPUT where the digits are no GTIN. */
export function requireGtin(barcode: string): string {
  if (isValidGtin(barcode)) return barcode
  throw invalidInput('barcode', 'barcode must be a GTIN of 8, 12, 13 or 14 digits with a right check digit.')
}

const ATTRIBUTES_BYTES_MAX = 16_384
const ATTRIBUTES_DEPTH_MAX = 8
/** Names that reach an object's prototype in JavaScript, here or in some client. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** INVALID_INPUT where they are too large or too deep, or hold what no client can be given. */
export function checkAttributes(attributes: JsonObject): void {
  checkJson(attributes, ATTRIBUTES_DEPTH_MAX)
  if (JSON.stringify(attributes).length > ATTRIBUTES_BYTES_MAX) {
    throw invalidInput('attributes', `attributes must be ${ATTRIBUTES_BYTES_MAX} characters of JSON at the most.`, { max: ATTRIBUTES_BYTES_MAX })
  }
}

function checkJson(value: JsonValue, depthLeft: number): void {
  if (depthLeft < 0) throw invalidInput('attributes', `attributes must be nested ${ATTRIBUTES_DEPTH_MAX} deep at the most.`)
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw invalidInput('attributes', 'attributes must hold well-formed Unicode: a text has half of a surrogate pair.')
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalidInput('attributes', 'attributes must hold numbers within ±1.7e308: no larger one can be kept.')
  }
  if (value === null || typeof value !== 'object') return
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalidInput('attributes', `attributes can't have a key ${key}.`)
    checkJson(key, depthLeft)
    checkJson(item, depthLeft - 1)
  }
}

function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
}
