const changes = (n: number, text: string): string => (n === 1 ? '1 change' : `${text} changes`)

export const en = {
  nav: { skip: 'Skip to the content', main: 'Pages', overview: 'Overview', stock: 'Stock', reservations: 'Reservations', transfers: 'Transfers', webhooks: 'Webhooks', audit: 'Audit', explorer: 'Explorer', language: 'Language', theme: 'Theme' },
  themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
  connection: {
    live: 'Live', connecting: 'Connecting', lost: 'Not connected',
    position: 'Log position', lag: 'Lag', lagText: (n: string) => `${n} behind`, upToDate: 'Up to date',
    lostSince: (time: string) => `The connection was lost at ${time}. What you see is from then; it is tried again by itself.`,
    back: (time: string, n: number, text: string) =>
      `Connected again, going on from where it broke off at ${time}. ${n === 0 ? 'Nothing had changed meanwhile.' : `${changes(n, text)} from meanwhile came in.`}`,
  },
  failure: { title: 'This could not be loaded', again: 'Try again', unreachable: 'The server can’t be reached.' },
  quantities: {
    onHand: 'On hand', reserved: 'Reserved', unavailable: 'Set aside', available: 'Available', incoming: 'On the way',
    availableToPromise: 'Can be promised', safetyStock: 'Safety stock',
  },
  badges: { low: 'Low', out: 'Out', stale: 'From cache', closed: 'Closed', discontinued: 'Discontinued' },
  overview: {
    title: 'Overview', levels: 'Stock levels', products: 'Products', locations: 'Locations', low: 'Low', out: 'Nothing available', rate: 'Changes a second',
    rateChart: 'Changes, second by second', stockChart: 'Units on hand, gained or lost since this page was opened',
    feed: 'Happening now', feedEmpty: 'Nothing has changed since this page was opened. Changes show here at once.',
    lowTitle: 'Lowest first', lowEmpty: 'Nothing is at or under its reorder point.', lowAll: 'All that is low',
    byLocation: 'By location', kind: 'Kind', gained: 'Gained or lost',
    server: 'The server', subscribers: 'Subscriptions', version: 'Version', failures: (text: string) => `${text} failures`,
    breakerStates: { CLOSED: 'Works', HALF_OPEN: 'Being tried', OPEN: 'Away' },
    breakers: { 'event store': 'Event store', 'event store for writing': 'Event store, writing', 'read model': 'Read model' } as Record<string, string>,
    emptyTitle: 'No stock yet', emptyText: 'Register a product, open a location and add stock in the explorer, or import a file:', emptyExplorer: 'Open the explorer',
  },
  kinds: { STORE: 'Store', WAREHOUSE: 'Warehouse', DROPSHIP: 'Drop shipping', VIRTUAL: 'Virtual' } as Record<string, string>,
  stock: {
    title: 'Stock', search: 'Search', searchHint: 'SKU or name', location: 'Location', allLocations: 'All locations',
    show: 'Show', all: 'All', onlyLow: 'Low', onlyAvailable: 'Available', nothingAvailable: 'Nothing available',
    product: 'Product', updated: 'Changed', rows: (text: string) => `${text} stock levels`,
    none: 'Nothing matches. Try a shorter search or another location.', moved: 'Rows have changed places', reorder: 'Put in order',
    loading: 'Loading',
  },
  level: {
    missing: (sku: string, location: string) => `There is no stock level of ${sku} at ${location}.`, back: 'All stock',
    chart: 'Through time', chartText: 'On hand, reserved and available through time', asOf: 'As of', now: 'now', anyMoment: 'Any moment', toNow: 'Back to now', notYet: 'there was none yet', version: (text: string) => `Version ${text}`,
    history: 'Events', older: 'Older events', policy: 'Policy', reorderPoint: 'Reorder point', reorderQuantity: 'Reorder quantity',
    backorderLimit: 'Backorder limit', allowNegative: 'May go below zero', none: 'none', yes: 'yes', no: 'no',
    localTime: (zone: string) => `Times are those of ${zone}.`, noChart: 'The chart begins with the second event.',
  },
  commands: {
    title: 'Change it', addStock: 'Add', removeStock: 'Remove', countStock: 'Count', setStockAside: 'Set aside', putStockBack: 'Put back', setStockPolicy: 'Policy',
    quantity: 'Quantity', counted: 'Counted', reason: 'Reason', reference: 'Reference', referenceHint: 'Order or delivery note', note: 'Note', optional: 'optional',
    send: { addStock: 'Add stock', removeStock: 'Remove stock', countStock: 'Record the count', setStockAside: 'Set stock aside', putStockBack: 'Put stock back', setStockPolicy: 'Save the policy' },
    sending: 'Sending…', done: 'Done.', predicted: 'Not confirmed yet', required: 'Write a whole number, 0 or more.', requiredPositive: 'Write a whole number above 0.',
  },
  refusals: {
    conflict: 'It has changed meanwhile. Look at it and send again.', ended: 'It has ended already.',
    shortage: (requested: string, available: string) => `${requested} wanted, ${available} available.`,
  },
  reasons: {
    RECEIVED: 'Received', RETURNED: 'Returned by a customer', FOUND: 'Found', PRODUCED: 'Produced', OTHER: 'Other', SOLD: 'Sold', DAMAGED: 'Damaged', EXPIRED: 'Past its date',
    LOST: 'Lost', STOLEN: 'Stolen', RETURNED_TO_SUPPLIER: 'Returned to the supplier', USED: 'Used', QUALITY_CONTROL: 'Quality control', RECALLED: 'Recalled',
  } as Record<string, string>,
  events: {
    StockAdded: 'Added', StockRemoved: 'Removed', StockCounted: 'Counted', StockSetAside: 'Set aside', StockPutBack: 'Put back', StockPolicySet: 'Policy set',
    StockReserved: 'Reserved', ReservedStockFulfilled: 'Handed out', ReservedStockReleased: 'Reservation released', StockDispatched: 'Dispatched', StockExpected: 'On the way',
    ExpectedStockReceived: 'Arrived', ExpectedStockCancelled: 'Not coming', DispatchedStockReturned: 'Came back',
    ProductRegistered: 'Product registered', ProductUpdated: 'Product updated', ProductDiscontinued: 'Product discontinued',
    LocationOpened: 'Location opened', LocationUpdated: 'Location updated', LocationClosed: 'Location closed',
    ReservationPlaced: 'Reservation placed', ReservationExtended: 'Reservation extended', ReservationFulfilled: 'Reservation fulfilled', ReservationReleased: 'Reservation released',
    ReservationExpired: 'Reservation expired', TransferDispatched: 'Transfer dispatched', TransferReceived: 'Transfer received', TransferCancelled: 'Transfer cancelled',
    WebhookRegistered: 'Webhook registered', WebhookUpdated: 'Webhook updated', WebhookRemoved: 'Webhook removed', WebhookSecretRotated: 'Webhook secret rotated', WebhookRedeliveryRequested: 'Redelivery requested',
  } as Record<string, string>,
  audit: {
    title: 'Audit', type: 'Event', allTypes: 'All events', sku: 'SKU', location: 'Location', reference: 'Reference', correlation: 'Correlation id',
    time: 'Recorded', occurred: 'Happened', what: 'What', where: 'Where', who: 'Who', why: 'Why', effect: 'Effect', stream: 'Stream',
    json: 'JSON', follow: 'Follow this correlation id', older: 'Older events', none: 'No event matches.', clear: 'Clear filters',
    shown: (text: string) => `${text} events shown, new ones on top`,
  },
  documents: {
    reference: 'Reference', status: 'State', contents: 'Contents', lines: 'Lines', sku: 'SKU', location: 'Location', quantity: 'Quantity', open: 'Open', noReference: 'No reference',
    contentsText: (lines: number, linesText: string, open: string, all: string) => `${lines === 1 ? '1 line' : `${linesText} lines`}, ${open} of ${all} open`,
    closedText: (lines: number, linesText: string, all: string) => `${lines === 1 ? '1 line' : `${linesText} lines`}, ${all} in all`,
    show: (name: string) => `Lines of ${name}`, any: 'All', shown: (from: string, to: string, all: string) => `${from} to ${to} of ${all}`,
    previous: 'Previous', next: 'Next', none: 'Nothing matches these filters.', missing: 'There is none of this id.', nothingChosen: 'Write a quantity above 0 for at least one line.',
  },
  reservations: {
    title: 'Reservations', count: (text: string) => `${text} reservations`, all: 'All reservations', placed: 'Placed', until: 'Held until', untilEnded: 'Until it is ended',
    reserved: 'Promised', fulfilled: 'Handed out', released: 'Released', fulfill: 'Hand out', release: 'Release', extend: 'Extend', minutes: 'Minutes from now',
    linesHint: 'Quantities to hand out or to release; 0 leaves a line as it is.', ofLevel: 'Open reservations', noneOfLevel: 'Nothing is promised.',
    statuses: { OPEN: 'Open', FULFILLED: 'Fulfilled', RELEASED: 'Released', EXPIRED: 'Expired' },
  },
  transfers: {
    title: 'Transfers', count: (text: string) => `${text} transfers`, all: 'All transfers', route: 'From and to', dispatched: 'Dispatched', completed: 'Completed',
    sent: 'Sent', received: 'Arrived', missing: 'Missing', receive: 'Receive', cancel: 'Cancel the transfer', arrived: 'Arrived now',
    linesHint: 'What has arrived of each line. A line that is left empty stays on its way; what is short of what was sent is missing.',
    willMiss: (text: string) => `${text} will be recorded as missing.`, ofLevel: 'On the way', noneOfLevel: 'Nothing is on the way to here or from here.',
    statuses: { IN_TRANSIT: 'On the way', RECEIVED: 'Received', CANCELLED: 'Cancelled' },
  },
  session: {
    title: 'Sign in', hint: 'This server wants to know who you are. Paste the token that you were given: it is kept while this tab is open.', token: 'Token',
    refused: 'This token is not taken, or no more.', signIn: 'Sign in', signOut: 'Sign out',
    roles: { READER: 'Reader', CLERK: 'Clerk', MANAGER: 'Manager', ADMIN: 'Administrator' } as Record<string, string>,
  },
  webhooks: {
    title: 'Webhooks', none: 'Nobody is told of events yet.', url: 'Address', types: 'Events', typesHint: 'None chosen: all events.', allTypes: 'All events', created: 'Registered',
    register: 'Register a webhook', enabled: 'Enabled', disabled: 'Disabled', enable: 'Enable', disable: 'Disable', rotate: 'New secret', remove: 'Remove', removeSurely: 'Remove for good',
    secret: 'The signing secret.', secretHint: 'It is shown this once: copy it now.', secretSeen: 'I have copied it',
    deliveries: 'Deliveries', noDeliveries: 'Nothing was delivered yet.', event: 'Event', attempts: 'Attempts', answer: 'Answer', next: 'next at', redeliver: 'Deliver again',
    statuses: { PENDING: 'Waiting', DELIVERED: 'Delivered', FAILED: 'Failed' },
  },
}

/** Every language says all that English says: what is missing does not compile. */
export type Words = typeof en
