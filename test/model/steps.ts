import fc from 'fast-check'

/** What a run is made of. Places and goods are numbers: what they are called differs from run to run. */
/** Mostly those that are there from the start. */
const sku = fc.constantFrom(0, 0, 0, 1, 1, 1, 2)
const location = fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 2, 2, 3)
const quantity = fc.integer({ min: 1, max: 4 })
const strategy = fc.constantFrom('FEWEST_LOCATIONS' as const, 'PRIORITY' as const, 'MOST_AVAILABLE' as const)
/** Names one of the reservations or transfers that there are by then. */
const which = fc.nat({ max: 7 })
/** A moment between the run's beginning and now, in thousandths of the way; mostly none. */
const back = fc.option(fc.nat({ max: 1_000 }), { nil: undefined, freq: 2 })
const expected = fc.constantFrom(...Array.from({ length: 6 }, () => 'any' as const), 'right' as const, 'right' as const, 'wrong' as const)
const isKeyed = fc.boolean()
const some = { isKeyed }
const onLevel = { sku, location, expected, isKeyed }
const type = <Type extends string>(name: Type) => fc.constant(name)

const policy = fc.record({
  safetyStock: fc.nat({ max: 2 }),
  reorderPoint: fc.option(fc.nat({ max: 5 })),
  reorderQuantity: fc.option(quantity),
  backorderLimit: fc.nat({ max: 4 }),
  allowNegative: fc.constantFrom(false, false, true),
}, { requiredKeys: [] })

const movement = fc.record({ sku, location, delta: fc.integer({ min: -4, max: 5 }), back })
const line = fc.record({ sku, quantity })
const sourcedLine = fc.record({ sku, quantity, location: fc.option(location, { nil: undefined }) })
const locations = fc.option(fc.uniqueArray(location, { minLength: 1, maxLength: 4 }), { nil: undefined })
/** Lines of a reservation by their number, one too many at times; without them, all. */
const parts = fc.option(fc.array(fc.record({ line: fc.nat({ max: 1 }), quantity: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 })
/** Lines of a transfer by their number. */
const arrived = fc.option(fc.array(fc.record({ line: fc.nat({ max: 1 }), quantity: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 1 })

const add = fc.record({ ...onLevel, type: type('add'), quantity: fc.integer({ min: 1, max: 12 }), back })
const reserve = fc.record({
  ...some, type: type('reserve'), lines: fc.array(sourcedLine, { minLength: 1, maxLength: 3, size: '-1' }), locations, strategy,
  seconds: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }), dryRun: fc.constantFrom(false, false, false, true),
})
const advance = fc.record({ type: type('advance'), milliseconds: fc.integer({ min: 0, max: 6_000 }), expires: fc.boolean() })
const look = fc.record({ type: type('look'), asOf: back, knownAt: back, isPage: fc.boolean() })

const remove = fc.record({ ...onLevel, type: type('remove'), quantity, back })
const count = fc.record({ ...onLevel, type: type('count'), counted: fc.nat({ max: 12 }), back })
const setAside = fc.record({ ...onLevel, type: type('setAside'), quantity })
const putBack = fc.record({ ...onLevel, type: type('putBack'), quantity: fc.integer({ min: 1, max: 3 }) })
const setPolicy = fc.record({ ...onLevel, type: type('setPolicy'), policy })
const applyMovements = fc.record({
  ...some, type: type('applyMovements'), movements: fc.array(movement, { minLength: 1, maxLength: 6 }),
  errorPolicy: fc.constantFrom('ALL_OR_NOTHING' as const, 'SKIP_FAILED' as const), dryRun: fc.constantFrom(false, false, false, true),
})
const ask = fc.record({ type: type('ask'), lines: fc.array(line, { minLength: 1, maxLength: 3 }), locations, strategy })
const extend = fc.record({ ...some, type: type('extend'), which, expected, seconds: fc.integer({ min: 1, max: 60 }) })
const fulfill = fc.record({ ...some, type: type('fulfill'), which, expected, parts, back: fc.option(fc.nat({ max: 100 }), { nil: undefined, freq: 1 }) })
const release = fc.record({ ...some, type: type('release'), which, expected, parts })
const dispatch = fc.record({ ...some, type: type('dispatch'), from: location, to: location, lines: fc.array(line, { minLength: 1, maxLength: 3 }) })
const receive = fc.record({ ...some, type: type('receive'), which, expected, arrived })
const cancel = fc.record({ ...some, type: type('cancel'), which, expected })
const repeat = fc.record({ type: type('repeat'), isChanged: fc.boolean() })

/** A product that is discontinued ends much of a run, so it is rarely meant. */
const isMeant = fc.constantFrom(...Array.from({ length: 7 }, () => false), true)
const catalogue = [
  fc.record({ ...some, type: type('registerProduct'), sku }),
  fc.record({ ...some, type: type('updateProduct'), sku, name: fc.constantFrom('Tea', 'Coffee'), expected }),
  fc.record({ ...some, type: type('discontinueProduct'), sku, isMeant }),
  fc.record({ ...some, type: type('openLocation'), location }),
  fc.record({ ...some, type: type('updateLocation'), location, name: fc.constantFrom('Lisbon', 'Porto') }),
  fc.record({ ...some, type: type('closeLocation'), location: fc.constantFrom(0, 1, 2, 3, 3), isMeant: fc.boolean() }),
] as const

const often = [add, add, add, add, reserve, reserve, reserve, reserve, fulfill, fulfill, release, dispatch, dispatch, receive, receive, advance, advance] as const
const once = [remove, count, count, setAside, putBack, setPolicy, applyMovements, applyMovements, extend, cancel, ask, look, look, repeat, fc.oneof(...catalogue)] as const

/** Each is as likely as the next. */
export const steps = [...often, ...often, ...once, ...once, fc.oneof(...catalogue)] as const

export type Step = (typeof steps)[number] extends infer Each ? (Each extends fc.Arbitrary<infer Value> ? Value : never) : never
export type StepOf<Type extends Step['type']> = Extract<Step, { readonly type: Type }>
