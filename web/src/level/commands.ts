import { ADD_STOCK, COUNT_STOCK, PUT_STOCK_BACK, REMOVE_STOCK, SET_STOCK_ASIDE, SET_STOCK_POLICY, type StockCommand } from '../api/commands.ts'
import type { Level } from '../api/types.ts'
import { effectOf } from '../stock/effect.ts'

export type Values = Readonly<Record<string, string | boolean>>
export type FieldName = 'quantity' | 'counted' | 'reason' | 'reference' | 'note' | 'reorderPoint' | 'reorderQuantity' | 'safetyStock' | 'backorderLimit' | 'allowNegative'

export interface CommandForm {
  readonly document: StockCommand
  readonly fields: readonly FieldName[]
  readonly reasons: readonly string[]
  /** The event that it comes to where nothing stands against it, but for a policy. */
  readonly event: string
}

const UNAVAILABLE = ['DAMAGED', 'QUALITY_CONTROL', 'RECALLED', 'OTHER']

/** The commands on one stock level. Fields are named as the server's inputs name them, so that its errors find them. */
export const COMMANDS = {
  addStock: { document: ADD_STOCK, fields: ['quantity', 'reason', 'reference', 'note'], reasons: ['RECEIVED', 'RETURNED', 'FOUND', 'PRODUCED', 'OTHER'], event: 'StockAdded' },
  removeStock: {
    document: REMOVE_STOCK, fields: ['quantity', 'reason', 'reference', 'note'], event: 'StockRemoved',
    reasons: ['SOLD', 'DAMAGED', 'EXPIRED', 'LOST', 'STOLEN', 'RETURNED_TO_SUPPLIER', 'USED', 'OTHER'],
  },
  countStock: { document: COUNT_STOCK, fields: ['counted', 'reference', 'note'], reasons: [], event: 'StockCounted' },
  setStockAside: { document: SET_STOCK_ASIDE, fields: ['quantity', 'reason', 'reference', 'note'], reasons: UNAVAILABLE, event: 'StockSetAside' },
  putStockBack: { document: PUT_STOCK_BACK, fields: ['quantity', 'reference', 'note'], reasons: [], event: 'StockPutBack' },
  setStockPolicy: { document: SET_STOCK_POLICY, fields: ['reorderPoint', 'reorderQuantity', 'safetyStock', 'backorderLimit', 'allowNegative'], reasons: [], event: 'StockPolicySet' },
} as const satisfies Record<string, CommandForm>

export type CommandName = keyof typeof COMMANDS
export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]

const NUMBERS: ReadonlySet<string> = new Set(['quantity', 'counted', 'reorderPoint', 'reorderQuantity', 'safetyStock', 'backorderLimit'])
export const isNumber = (field: FieldName): boolean => NUMBERS.has(field)

/** What a form begins with: a policy with what it is today. */
export function beginning(name: CommandName, level: Level): Values {
  if (name !== 'setStockPolicy') return { reason: COMMANDS[name].reasons[0] ?? '' }
  const { reorderPoint, reorderQuantity, backorderLimit, allowNegative, quantities: { safetyStock } } = level
  return { reorderPoint: text(reorderPoint), reorderQuantity: text(reorderQuantity), safetyStock: text(safetyStock), backorderLimit: text(backorderLimit), allowNegative }
}

const text = (value: number | null): string => (value === null ? '' : String(value))

/** The command's own input. An empty text is left out; an empty number of a policy clears it. */
export function inputOf(name: CommandName, values: Values): Record<string, unknown> {
  const entries = COMMANDS[name].fields.map((field): [string, unknown] => {
    const value = values[field] ?? ''
    if (typeof value === 'boolean') return [field, value]
    if (isNumber(field)) return [field, value.trim() === '' ? null : Number(value)]
    return [field, value.trim() === '' ? undefined : value.trim()]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** The stock level as it will be, should the server agree. */
export function predict(name: CommandName, input: Readonly<Record<string, unknown>>, level: Level): Level {
  if (name === 'setStockPolicy') return { ...level, ...input, quantities: { ...level.quantities, safetyStock: Number(input.safetyStock ?? 0) }, backorderLimit: Number(input.backorderLimit ?? 0) }
  const data = name === 'countStock' ? { ...input, difference: Number(input.counted) - level.quantities.onHand } : input
  const { onHand, unavailable } = effectOf({ stream: 'stock:', type: COMMANDS[name].event, data })
  const { quantities } = level
  const available = quantities.available + onHand - unavailable
  return {
    ...level,
    quantities: {
      ...quantities,
      onHand: quantities.onHand + onHand,
      unavailable: quantities.unavailable + unavailable,
      available,
      availableToPromise: Math.max(0, available - quantities.safetyStock + level.backorderLimit),
    },
  }
}
