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

export const RESERVATION_PARTS = gql`
  fragment ReservationParts on Reservation {
    id status reference placedAt expiresAt version
    lines { sku location quantity fulfilled released }
  }
`

export const TRANSFER_PARTS = gql`
  fragment TransferParts on Transfer {
    id status reference dispatchedAt completedAt version
    from { code name timeZone }
    to { code name timeZone }
    lines { sku quantity received missing }
  }
`

export const WEBHOOK_PARTS = gql`
  fragment WebhookParts on Webhook { id url eventTypes isEnabled createdAt version }
`

export const DELIVERY_PARTS = gql`
  fragment DeliveryParts on WebhookDelivery {
    id status attempts lastStatusCode lastError nextAttemptAt
    event { id type recordedAt sku location stream }
  }
`
