import { gql } from '@urql/core'

export const LEVEL = gql`
  fragment LevelParts on StockLevel {
    id version updatedAt isLow stale reorderPoint reorderQuantity backorderLimit allowNegative
    product { sku name status }
    location { code name kind timeZone status }
    quantities { onHand reserved unavailable available incoming safetyStock availableToPromise }
  }
`

export const EVENT = gql`
  fragment EventParts on Event {
    id cursor type stream version occurredAt recordedAt sku location data actor reason reference note correlationId causationId
  }
`
