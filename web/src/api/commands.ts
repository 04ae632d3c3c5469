import { gql, type TypedDocumentNode } from '@urql/core'
import { LEVEL } from './fragments.ts'
import type { Level, UserError } from './types.ts'

export interface CommandInput {
  readonly sku: string
  readonly location: string
  readonly expectedVersion: number
  readonly idempotencyKey: string
  readonly [field: string]: unknown
}

export interface StockAnswer {
  readonly stockLevel: Level | null
  readonly userErrors: readonly UserError[]
}

export type StockCommand = TypedDocumentNode<{ answer: StockAnswer }, { input: CommandInput }>

const inputOf = (field: string): string => `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`

const command = (field: string): StockCommand => gql<{ answer: StockAnswer }, { input: CommandInput }>`
  mutation Command($input: ${inputOf(field)}!) {
    answer: ${field}(input: $input) {
      stockLevel { ...LevelParts }
      userErrors { code message field details }
    }
  }
  ${LEVEL}
`

export const ADD_STOCK = command('addStock')
export const REMOVE_STOCK = command('removeStock')
export const COUNT_STOCK = command('countStock')
export const SET_STOCK_ASIDE = command('setStockAside')
export const PUT_STOCK_BACK = command('putStockBack')
export const SET_STOCK_POLICY = command('setStockPolicy')
