/** Every field of the contract's types, by which scenarios ask for them. */
const QUANTITIES = 'onHand reserved unavailable available incoming safetyStock availableToPromise'
export const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'
export const page = (node: string, more = 'totalCount'): string => `${more} ${PAGE_INFO} edges { cursor node { id } } nodes { ${node} }`

export const EVENT = 'id cursor type stream version occurredAt recordedAt sku location data actor reason reference note correlationId causationId'
export const PRODUCT = `id sku name barcode unit attributes status version registeredAt updatedAt totals { ${QUANTITIES} }`
export const LOCATION = 'id code name kind timeZone status version openedAt updatedAt'
export const STOCK_LEVEL = `id product { sku } location { code } quantities { ${QUANTITIES} } reorderPoint reorderQuantity backorderLimit allowNegative isLow
  version updatedAt cursor stale`
export const RESERVATION = 'id status lines { sku location quantity fulfilled released } reference placedAt expiresAt version'
export const TRANSFER = 'id status from { code } to { code } lines { sku quantity received missing } reference dispatchedAt completedAt version'
export const WEBHOOK = 'id url eventTypes isEnabled createdAt version'
export const DELIVERY = 'id webhookId event { id type } status attempts lastStatusCode lastError nextAttemptAt'
