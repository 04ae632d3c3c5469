import { gql, type TypedDocumentNode } from '@urql/core'
import { LEVEL } from './fragments.ts'
import type { Level, UserError } from './types.ts'

/** A command's own fields, with the key that lets it take effect once. */
export interface CommandInput {
  readonly idempotencyKey: string
  readonly [field: string]: unknown
}

export interface Answered { readonly userErrors: readonly UserError[] }

export type Command<Answer> = TypedDocumentNode<{ answer: Answer & Answered }, { input: CommandInput }>

const inputOf = (field: string): string => `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`

/** A mutation that answers with a selection and with what it could not do. */
export const command = <Answer>(field: string, selection: string, fragment: TypedDocumentNode): Command<Answer> => gql<{ answer: Answer & Answered }, { input: CommandInput }>`
  mutation Command($input: ${inputOf(field)}!) {
    answer: ${field}(input: $input) {
      ${selection}
      userErrors { code message field details }
    }
  }
  ${fragment}
`

export interface StockAnswer extends Answered { readonly stockLevel: Level | null }
export type StockCommand = Command<{ readonly stockLevel: Level | null }>

const stockCommand = (field: string): StockCommand => command(field, 'stockLevel { ...LevelParts }', LEVEL)

export const ADD_STOCK = stockCommand('addStock')
export const REMOVE_STOCK = stockCommand('removeStock')
export const COUNT_STOCK = stockCommand('countStock')
export const SET_STOCK_ASIDE = stockCommand('setStockAside')
export const PUT_STOCK_BACK = stockCommand('putStockBack')
export const SET_STOCK_POLICY = stockCommand('setStockPolicy')
