import { MOVEMENTS_MAX } from '../../src/application/commands/types.ts'
import type { DomainErrorCode } from '../../src/domain/errors.ts'
import { RESERVATION_LINES_MAX } from '../../src/domain/reservation.ts'
import { TRANSFER_LINES_MAX } from '../../src/domain/transfer.ts'

/** A value of the right type that can't be taken, the code that says so, and the field that it is told at where that is another one. */
export type Row = readonly [what: string, value: unknown, code: DomainErrorCode, at?: string]

/** For each type, values of another: errors of the request. */
export const WRONG_TYPES: Readonly<Record<string, readonly unknown[]>> = {
  String: [5, 1.5, true, ['a'], {}],
  ID: [1.5, true, ['a'], {}],
  Boolean: ['true', 1, [true], {}],
  Int: ['1', 1.5, 2 ** 31, -(2 ** 31) - 1, true, [1], {}],
  SafeInt: ['1', '', 1.5, 2 ** 53, -(2 ** 53), 1e300, true, [1], {}],
  DateTime: ['', 'yesterday', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00', '2026-01-01', 0, true, [], {}],
  Cursor: ['', 'x', 'a b', 0, true, [], {}],
  JSONObject: ['{}', '', 0, true, [], [{}]],
  enum: ['NO_SUCH_VALUE', 'sold', '', '__proto__', 'constructor', 0, true, [], {}],
  input: ['', 0, true, [], { noSuchField: 1 }],
  list: [0, true, {}, [null]],
}

const texts = (max: number): readonly Row[] => [
  ['empty', '', 'INVALID_INPUT'],
  ['too long', 'x'.repeat(max + 1), 'INVALID_INPUT'],
  ['with a control character', 'a\u0000b', 'INVALID_INPUT'],
  ['with half of a surrogate pair', 'a\ud800', 'INVALID_INPUT'],
]
const lines = (max: number): readonly Row[] => [
  ...texts(max),
  ['of two lines', 'a\nb', 'INVALID_INPUT'],
  ['with what turns the direction of writing', 'a\u202eb', 'INVALID_INPUT'],
]
const names = (max: number): readonly Row[] => [...lines(max), ['with a space before it', ' a', 'INVALID_INPUT'], ['with a space after it', 'a ', 'INVALID_INPUT']]

const refusedAs = (code: DomainErrorCode, ...values: readonly unknown[]): readonly Row[] => values.map((value) => [String(value), value, code])
const under = (min: number): readonly Row[] => refusedAs('INVALID_INPUT', min - 1, min - 2, Number.MIN_SAFE_INTEGER)

const unknown = refusedAs('NOT_FOUND', 'NONE', '__proto__', 'constructor', 'toString')
const taken = (...ids: readonly string[]): readonly Row[] => refusedAs('ALREADY_EXISTS', ...ids)
const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) })

const short = refusedAs('INSUFFICIENT_STOCK', 1_000, Number.MAX_SAFE_INTEGER)
/** Of what is not in a reservation or transfer, none can be taken from it. */
const notInIt: readonly Row[] = ['', 'NONE', '__proto__', '\ud800'].map((value) => [JSON.stringify(value), value, 'INVALID_INPUT', 'lines.0.quantity'])
const counts = (max: number, line: object): readonly Row[] => [
  ['empty', [], 'INVALID_INPUT'],
  ['too long', Array.from({ length: max + 1 }, () => line), 'LIMIT_EXCEEDED'],
]

/** Bad values for each field: by its name or, where it means something else there, by its input's name too, or by its path from the mutation's input. */
export const BAD_VALUES: Readonly<Record<string, readonly Row[]>> = {
  sku: [...names(64), ...unknown],
  'RegisterProductInput.sku': [...names(64), ...taken('TEA', 'OLD')],
  'AddStockInput.sku': [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'OLD')],
  'MovementInput.sku': [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'OLD')],
  location: [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'SHUT')],
  code: [...names(64), ...unknown],
  'OpenLocationInput.code': [...names(64), ...taken('LIS', 'SHUT')],
  'UpdateLocationInput.code': [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'SHUT')],
  'CloseLocationInput.code': [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'LIS')],
  name: names(200),
  barcode: [...texts(14), ...refusedAs('INVALID_INPUT', '4006381333932', '123', '-4006381333931')],
  attributes: [
    ['with __proto__ as a key', JSON.parse('{ "__proto__": { "isAdmin": true } }'), 'INVALID_INPUT'],
    ['with constructor as a key, deeper', { a: [{ constructor: 1 }] }, 'INVALID_INPUT'],
    ['with prototype as a key', { prototype: 1 }, 'INVALID_INPUT'],
    ['with half of a surrogate pair', { a: '\ud800' }, 'INVALID_INPUT'],
    ['with half of a surrogate pair in a key', { '\udc00': 1 }, 'INVALID_INPUT'],
    ['too long', { a: 'x'.repeat(16_384) }, 'INVALID_INPUT'],
    ['too deep', nested(10), 'INVALID_INPUT'],
  ],
  timeZone: [...lines(200), ...refusedAs('INVALID_INPUT', 'Nowhere/None', '+25:00', '__proto__')],
  expectedVersion: [...refusedAs('INVALID_INPUT', -1), ...refusedAs('VERSION_CONFLICT', 99)],
  idempotencyKey: lines(128),
  reference: lines(128),
  note: texts(1_000),
  occurredAt: refusedAs('INVALID_INPUT', '2999-01-01T00:00:00Z'),
  quantity: [...under(1), ...short],
  'AddStockInput.quantity': [...under(1), ...refusedAs('LIMIT_EXCEEDED', Number.MAX_SAFE_INTEGER)],
  counted: [...under(0), ['less than is set aside', 0, 'INSUFFICIENT_STOCK', 'quantity']],
  safetyStock: under(0),
  reorderPoint: under(0),
  reorderQuantity: under(1),
  backorderLimit: under(0),
  'MovementInput.delta': [
    ...refusedAs('INVALID_INPUT', 0),
    ...refusedAs('INSUFFICIENT_STOCK', -1_000, Number.MIN_SAFE_INTEGER),
    ...refusedAs('LIMIT_EXCEEDED', Number.MAX_SAFE_INTEGER),
  ],
  'MovementInput.reason': lines(64),
  movements: counts(MOVEMENTS_MAX, { sku: 'TEA', location: 'LIS', delta: 1 }),
  'ReserveStockInput.lines': counts(RESERVATION_LINES_MAX, { sku: 'TEA', quantity: 1 }),
  'SourcedLineInput.sku': [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'OLD')],
  locations: [['empty', [], 'INVALID_INPUT'], ['of an empty code', [''], 'INVALID_INPUT'], ['closed', ['LIS', 'SHUT'], 'INVALID_STATE'], ['unknown', ['NONE'], 'NOT_FOUND']],
  expiresInSeconds: refusedAs('INVALID_INPUT', 0, -1, 2_592_001),
  id: [...refusedAs('NOT_FOUND', '', 'NONE', '__proto__', '00000000-0000-7000-8000-000000000000', 'reservation:', 'x'.repeat(1_000)), ['with half of a surrogate pair', '\ud800', 'NOT_FOUND']],
  'FulfillReservationInput.lines': counts(RESERVATION_LINES_MAX, { sku: 'TEA', location: 'LIS', quantity: 1 }),
  'ReleaseReservationInput.lines': counts(RESERVATION_LINES_MAX, { sku: 'TEA', location: 'LIS', quantity: 1 }),
  'ReceiveTransferInput.lines': counts(TRANSFER_LINES_MAX, { sku: 'TEA', quantity: 1 }),
  'ReservationLineInput.sku': notInIt,
  'ReservationLineInput.location': notInIt,
  'ReservationLineInput.quantity': [...under(1), ...refusedAs('INVALID_INPUT', 4, Number.MAX_SAFE_INTEGER)],
  'ReceiveTransferInput.lines.sku': notInIt,
  'ReceiveTransferInput.lines.quantity': [...under(0), ...refusedAs('INVALID_INPUT', 4, Number.MAX_SAFE_INTEGER)],
  from: [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'SHUT')],
  to: [...names(64), ...unknown, ...refusedAs('INVALID_STATE', 'SHUT'), ['the same', 'LIS', 'INVALID_INPUT']],
  url: [
    ...refusedAs('INVALID_INPUT', '', 'x', '/hooks', 'ftp://127.0.0.1/', 'javascript:alert(1)', 'http://', 'http://user:secret@127.0.0.1/', 'http://127.0.0.1/#a'),
    ...refusedAs('INVALID_INPUT', 'http://127.0.0.2/', 'http://10.0.0.1/', 'https://169.254.169.254/latest', 'http://[::1]/', 'http://[::ffff:10.0.0.1]/', 'http://2130706434/'),
    ['with a space', 'http://127.0.0.1/a b', 'INVALID_INPUT'],
    ['with a line break', 'http://127.0.0.1/\r\nx: y', 'INVALID_INPUT'],
    ['with half of a surrogate pair', 'http://127.0.0.1/\ud800', 'INVALID_INPUT'],
    ['too long', `http://127.0.0.1/${'x'.repeat(2_048)}`, 'INVALID_INPUT'],
  ],
  eventTypes: [
    ['empty', [], 'INVALID_INPUT'],
    ['unknown', ['StockAdded', 'NONE'], 'INVALID_INPUT'],
    ['of an object\'s own', ['__proto__'], 'INVALID_INPUT'],
    ['of webhooks themselves', ['WebhookRegistered'], 'INVALID_INPUT'],
    ['too long', Array.from({ length: 101 }, () => 'StockAdded'), 'INVALID_INPUT'],
  ],
  deliveryId: [
    ...refusedAs('NOT_FOUND', '', 'NONE', '__proto__', 'delivery:', 'delivery:@', 'delivery:00000000-0000-7000-8000-000000000000@', 'x'.repeat(1_000)),
    ['with half of a surrogate pair', 'delivery:\ud800@\ud800', 'NOT_FOUND'],
  ],
  'DispatchTransferInput.lines': counts(TRANSFER_LINES_MAX, { sku: 'TEA', quantity: 1 }),
}

const tea = { sku: 'TEA', location: 'LIS' }
const document = { reference: 'order-1', note: 'first line\nsecond', occurredAt: '2026-01-01T00:00:00Z' }
const { occurredAt, ...undated } = document

/** Of what was made before. */
export interface Ids { readonly reservation: string; readonly received: string; readonly cancelled: string; readonly webhook: string; readonly delivery: string }

/** A good input for each mutation, which a bad value then goes into. In this order each is taken. */
export const goodInputs = ({ reservation, received, cancelled, webhook, delivery }: Ids): Readonly<Record<string, object>> => ({
  registerProduct: { sku: 'NEW', name: 'New', barcode: '4006381333931', unit: 'EACH', attributes: { colour: 'red' }, idempotencyKey: 'k-1' },
  updateProduct: { sku: 'TEA', name: 'Green tea', barcode: null, attributes: { colour: 'green' }, idempotencyKey: 'k-2' },
  openLocation: { code: 'NEW', name: 'New', kind: 'STORE', timeZone: 'Europe/Lisbon', idempotencyKey: 'k-3' },
  updateLocation: { code: 'LIS', name: 'Lisbon', kind: 'WAREHOUSE', timeZone: 'UTC', idempotencyKey: 'k-4' },
  closeLocation: { code: 'EMPTY', idempotencyKey: 'k-5' },
  addStock: { ...tea, quantity: 1, reason: 'RECEIVED', ...document, idempotencyKey: 'k-6' },
  removeStock: { ...tea, quantity: 1, reason: 'SOLD', ...document, idempotencyKey: 'k-7' },
  countStock: { ...tea, counted: 10, ...document, occurredAt: null, idempotencyKey: 'k-8' },
  setStockAside: { ...tea, quantity: 1, reason: 'DAMAGED', ...undated, idempotencyKey: 'k-9' },
  putStockBack: { ...tea, quantity: 1, ...undated, idempotencyKey: 'k-10' },
  setStockPolicy: { ...tea, safetyStock: 1, reorderPoint: 2, reorderQuantity: 3, backorderLimit: 4, allowNegative: false, idempotencyKey: 'k-11' },
  applyMovements: {
    movements: [{ ...tea, delta: 1, reason: 'FOUND', reference: 'order-2', occurredAt }],
    errorPolicy: 'ALL_OR_NOTHING', dryRun: false, idempotencyKey: 'k-12',
  },
  reserveStock: {
    lines: [{ ...tea, quantity: 1 }], locations: ['LIS'], strategy: 'PRIORITY', expiresInSeconds: 60, dryRun: false, ...undated, idempotencyKey: 'k-14',
  },
  extendReservation: { id: reservation, expiresInSeconds: 60, idempotencyKey: 'k-15' },
  fulfillReservation: { id: reservation, lines: [{ ...tea, quantity: 1 }], reference: 'order-3', occurredAt: null, idempotencyKey: 'k-16' },
  releaseReservation: { id: reservation, lines: [{ ...tea, quantity: 1 }], reference: 'order-3', idempotencyKey: 'k-17' },
  dispatchTransfer: { from: 'LIS', to: 'POR', lines: [{ sku: 'TEA', quantity: 1 }], ...undated, idempotencyKey: 'k-18' },
  receiveTransfer: { id: received, lines: [{ sku: 'TEA', quantity: 1 }], reference: 'order-4', idempotencyKey: 'k-19' },
  cancelTransfer: { id: cancelled, idempotencyKey: 'k-20' },
  registerWebhook: { url: 'http://127.0.0.1:1/hooks', eventTypes: ['StockAdded', 'StockRemoved'], idempotencyKey: 'k-21' },
  updateWebhook: { id: webhook, url: 'http://127.0.0.1:1/others', eventTypes: ['*'], isEnabled: true, rotateSecret: true, idempotencyKey: 'k-22' },
  redeliver: { deliveryId: delivery, idempotencyKey: 'k-23' },
  removeWebhook: { id: webhook, idempotencyKey: 'k-24' },
  discontinueProduct: { sku: 'TEA', idempotencyKey: 'k-13' },
})
